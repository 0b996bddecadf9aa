package io.mooring.local.replay;

import io.mooring.local.testkit.ScriptedFramework;
import java.io.IOException;

/** What a framework did while only the operator's stream was recorded. */
final class Script {
    private final Stage stage;
    private ScriptedFramework framework;

    Script(Stage stage) {
        this.stage = stage;
    }

    /** Does what was done then; false if that is not known here. */
    boolean act(String action) throws Exception {
        switch (action) {
            case "a framework subscribes" -> framework = new ScriptedFramework(stage.cluster()::masterPort);
            case "ACCEPT with a command task that ends by itself and one that runs" -> {
                framework.launch("t1", "sleep 0.2");
                framework.launch("t2", "sleep 1000");
            }
            case "framework launches a task" -> framework.launch("t1", "sleep 1000");
            case "another framework subscribes and launches a task" -> {
                framework = new ScriptedFramework(stage.cluster()::masterPort);
                framework.launch("t2", "sleep 1000");
            }
            case "UPDATE_FRAMEWORK" -> framework.update("http://127.0.0.1:8083/");
            case "framework kills the running task" -> framework.kill("t2");
            case "framework drops its stream" -> framework.drop();
            case "framework resubscribes" -> framework.resubscribe();
            case "framework TEARDOWN", "framework TEARDOWN while its task runs" -> end();
            default -> {
                // Says what the request after it is about.
                return action.startsWith("resubscribe with ");
            }
        }
        return true;
    }

    /** An operator is to see a framework that nothing was recorded of before. */
    void frameworkExpected() throws IOException, InterruptedException {
        if (framework == null) {
            framework = new ScriptedFramework(stage.cluster()::masterPort);
        }
    }

    void end() throws IOException, InterruptedException {
        if (framework != null) {
            framework.teardown();
        }
    }
}
