"use strict";
// A framework of the package mesos-framework, driven by a test: writes what happens to it as one JSON object per line,
// and reads orders, also one JSON object per line.
//
// node scheduler.js PORT MODE [FRAMEWORK_ID]
// MODE: commands - launch a short and a long command by the package's own handling of offers
//       executor - launch a task with the executor in JavaScript
//       takeover - subscribe as FRAMEWORK_ID and launch nothing

const path = require("path");
const readline = require("readline");
const framework = require("mesos-framework");
const mesos = framework.Mesos.getMesos();

const port = process.argv[2];
const mode = process.argv[3];
const known = process.argv[4];

// The package logs to the console; only our own lines may go there.
function tell(what) {
    process.stdout.write("@ " + JSON.stringify(what) + "\n");
}

function command(script) {
    return {
        instances: 1,
        commandInfo: new mesos.CommandInfo(null, null, true, script, null, null),
        resources: { cpus: 0.1, mem: 32, ports: 1, disk: 0 }
    };
}

function scalar(name, value) {
    return { name: name, type: "SCALAR", scalar: { value: value } };
}

// The package fills in a command for every task of its own, so one with an executor is launched by hand.
function launchWithExecutor(offers) {
    offers.offers.forEach((offer) => {
        if (this.launched) {
            this.decline([offer.id], null);
            return;
        }
        this.launched = true;
        const task = {
            name: "js",
            task_id: { value: "js-task" },
            agent_id: offer.agent_id,
            resources: [scalar("cpus", 0.1), scalar("mem", 32)],
            executor: {
                executor_id: { value: "js-executor" },
                framework_id: { value: this.frameworkId },
                name: "JavaScript",
                command: {
                    shell: true,
                    value: "exec " + process.execPath + " " + path.join(__dirname, "executor.js")
                },
                resources: [scalar("cpus", 0.1), scalar("mem", 64)]
            }
        };
        this.accept([offer.id], [{ type: "LAUNCH", launch: { task_infos: [task] } }], null);
    });
}

const options = {
    masterUrl: "127.0.0.1",
    port: port,
    user: process.env.USER || "root",
    frameworkName: "javascript",
    masterConnectionTimeout: 30,
    restartStates: [],
    logging: { level: "error", path: process.cwd(), fileName: "scheduler.log" },
    tasks: mode === "commands" ? { short: command("exit 0"), long: command("sleep 1000") } : {}
};
if (mode === "executor") {
    options.handlers = { OFFERS: launchWithExecutor };
}

const scheduler = new framework.Scheduler(options);
scheduler.frameworkId = known || null;

scheduler.on("subscribed", (event) => tell({ subscribed: event.frameworkId }));
scheduler.on("update", (event) => tell({
    task: event.status.task_id.value,
    state: event.status.state,
    reason: event.status.reason || null,
    message: event.status.message || null,
    agent: event.status.agent_id.value
}));
scheduler.on("message", (event) => tell({ message: event.data }));
scheduler.on("failure", (event) => tell({ failure: event.executor_id ? event.executor_id.value : null }));
scheduler.on("error", (error) => {
    const text = error.message || String(error);
    tell({ error: text });
    if (text.indexOf("failed over") >= 0 || text.indexOf("closed") >= 0) {
        process.exit(0);
    }
});
scheduler.on("ready", () => scheduler.subscribe());

readline.createInterface({ input: process.stdin }).on("line", (line) => {
    const order = JSON.parse(line);
    switch (order.call) {
        case "reconcile":
            scheduler.reconcile(order.task, order.agent);
            break;
        case "kill":
            scheduler.kill(order.task, order.agent);
            break;
        case "message":
            scheduler.message(order.agent, order.executor, order.data);
            break;
        case "teardown":
            scheduler.teardown();
            break;
        default:
            tell({ error: "unknown order " + line });
    }
});
