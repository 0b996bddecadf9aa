"use strict";
// An executor of the package mesos-framework: its task runs until it is told by a message to finish.

const crypto = require("crypto");
const http = require("http");
const framework = require("mesos-framework");

// The package leaves "subscribe" out of its SUBSCRIBE, which Mesos 1.11 answers with 400, so it is put in here.
const request = http.request;
http.request = function (...args) {
    const made = request.apply(this, args);
    const write = made.write;
    made.write = function (body, ...rest) {
        const call = JSON.parse(body);
        if (call.type === "SUBSCRIBE") {
            call.subscribe = {};
        }
        return write.call(made, JSON.stringify(call), ...rest);
    };
    return made;
};

let task = null;

function update(state) {
    executor.update({
        task_id: task.task_id,
        executor_id: executor.executorId,
        state: state,
        source: "SOURCE_EXECUTOR",
        timestamp: Date.now() / 1000,
        uuid: crypto.randomBytes(16).toString("base64")
    });
}

// The package's own handlers are out of reach in this version, so each event needs one.
const executor = new framework.Executor({
    handlers: {
        SUBSCRIBED: function (event) {},
        LAUNCH: function (event) {
            task = event.task;
            update("TASK_RUNNING");
            this.message("launched " + task.name);
        },
        KILL: function (event) {
            update("TASK_KILLED");
        },
        ACKNOWLEDGED: function (event) {},
        MESSAGE: function (event) {
            if (Buffer.from(event.data, "base64").toString() === "finish") {
                update("TASK_FINISHED");
            }
        },
        ERROR: function (event) {},
        SHUTDOWN: function (event) {
            process.exit(0);
        }
    }
});

executor.on("error", (error) => {
    console.log("error: " + error.message);
    if (String(error.message).indexOf("closed") >= 0) {
        process.exit(0);
    }
});

executor.subscribe();
