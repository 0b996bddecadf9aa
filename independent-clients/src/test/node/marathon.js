"use strict";
// Drives a scheduler through Marathon's API with the package marathon-node, and fails at the first answer that is not what
// a user of Marathon would get.
//
// node marathon.js URL

const assert = require("assert");
const marathon = require("marathon-node")(process.argv[2]);

const PATIENCE_MILLIS = 60000;
const seen = [];

async function until(what, holds) {
    const end = Date.now() + PATIENCE_MILLIS;
    for (;;) {
        const answer = await holds();
        if (answer) {
            return answer;
        }
        assert(Date.now() < end, "waited in vain for " + what + "; events: " + JSON.stringify(seen));
        await new Promise(resolve => setTimeout(resolve, 200));
    }
}

function event(type, fits) {
    return until(type, async () => seen.find(each => each.eventType === type && fits(each)));
}

async function running(id, count) {
    return until(count + " tasks of " + id, async () => {
        const app = (await marathon.app.getOne(id)).app;
        return app.tasksRunning === count && app.deployments.length === 0 ? app : null;
    });
}

function listen() {
    const types = ["status_update_event", "deployment_success", "api_post_event", "app_terminated_event"];
    const source = marathon.events.createEventSource({ eventType: types });
    types.forEach(type => source.addEventListener(type, each => seen.push(JSON.parse(each.data))));
    return new Promise((resolve, reject) => {
        source.onopen = () => resolve(source);
        source.onerror = reject;
    });
}

async function main() {
    assert.strictEqual(await marathon.misc.ping(), "pong");
    const source = await listen();

    const created = await marathon.app.create({
        id: "/node/web", cmd: "sleep 1000", cpus: 0.1, mem: 32, instances: 1, labels: { by: "node" }
    });
    assert.strictEqual(created.id, "/node/web");
    await event("api_post_event", each => each.appDefinition.id === "/node/web");
    await event("status_update_event", each => each.appId === "/node/web" && each.taskStatus === "TASK_RUNNING");
    await event("deployment_success", each => each.id === created.deployments[0].id);
    await running("node/web", 1);

    const list = await marathon.app.getList({ label: "by==node" });
    assert.deepStrictEqual(list.apps.map(each => each.id), ["/node/web"]);

    const scaled = await marathon.app.update("node/web", { instances: 2 });
    await event("deployment_success", each => each.id === scaled.deploymentId);
    await running("node/web", 2);
    const before = (await marathon.app.getTasks("node/web")).tasks.map(each => each.id);
    assert.strictEqual(before.length, 2);

    const restarted = await marathon.app.restart("node/web");
    await event("deployment_success", each => each.id === restarted.deploymentId);
    const after = (await marathon.app.getTasks("node/web")).tasks.map(each => each.id);
    assert.strictEqual(after.length, 2);
    assert(after.every(each => !before.includes(each)), "a restart makes new tasks");

    const versions = (await marathon.app.getVersions("node/web")).versions;
    assert(versions.length >= 2);
    assert.strictEqual((await marathon.app.getVersion("node/web", versions[versions.length - 1])).instances, 1);

    await assert.rejects(marathon.app.create({ id: "/node/web", cmd: "sleep 1" }), each => each.statusCode === 409);
    await assert.rejects(marathon.app.create({ id: "/node/b", cmd: "x", cpus: -1 }), each => each.statusCode === 422);
    await assert.rejects(marathon.app.getOne("node/nobody"), each => each.statusCode === 404);

    assert((await marathon.tasks.getList()).tasks.length >= 2);
    assert(Array.isArray((await marathon.queue.get()).queue));
    assert(Array.isArray(await marathon.deployments.getList()));
    assert((await marathon.info.get()).frameworkId);
    assert((await marathon.leader.get()).leader);
    assert((await marathon.groups.getList()).groups.some(each => each.id === "/node"));

    await marathon.app.killTask("node/web", after[0], true);
    await running("node/web", 1);
    await marathon.app.destroy("node/web");
    await event("app_terminated_event", each => each.appId === "/node/web");
    source.close();
    process.stdout.write("@ done\n");
}

main().then(() => process.exit(0), failure => {
    console.error(failure);
    process.exit(1);
});
