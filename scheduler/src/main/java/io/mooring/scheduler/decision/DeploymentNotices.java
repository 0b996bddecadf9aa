package io.mooring.scheduler.decision;

import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.deployment.Plan;
import java.util.stream.Collectors;

/**
 * Tells how a change goes through its steps, in Marathon's order: a step begins, is done, and the next one begins; at last
 * the change is done, or it is given up. Each notice has the whole plan, so that nobody has to ask for what they missed.
 */
final class DeploymentNotices {
    private static final String BEGINS = "deployment_info";
    private static final String DONE = "deployment_step_success";

    private final Decision decision;

    DeploymentNotices(Decision decision) {
        this.decision = decision;
    }

    void started(Plan plan) {
        publish("deployment_started", plan, plan.current());
        publish(BEGINS, plan, 1);
        advanced(plan, 1);
    }

    /** Whatever lies between that step and the one that is under way now is done: some steps need no time. */
    void advanced(Plan plan, int before) {
        for (int step = before; step < plan.current(); step++) {
            publish(DONE, plan, step);
            publish(BEGINS, plan, step + 1);
        }
    }

    /** The step that is under way was the last. */
    void finished(Plan plan) {
        publish(DONE, plan, plan.current());
        publish("deployment_success", plan, plan.current());
    }

    void givenUp(Plan plan, String reason) {
        publish("deployment_step_failure", plan, plan.current());
        decision.publish("deployment_failed", facts(plan, plan.current()).and("reason", reason));
    }

    private void publish(String type, Plan plan, int step) {
        decision.publish(type, facts(plan, step));
    }

    private static Facts facts(Plan plan, int step) {
        return Facts.of("deployment", plan.id())
                .and("version", plan.version())
                .and(
                        plan.apps().size() == 1 ? "app" : "apps",
                        plan.apps().stream().map(AppId::path).collect(Collectors.joining(",")))
                .and("step", step)
                .and("steps", plan.steps().size())
                .and("actions", words(plan.steps().get(step - 1)))
                .and("plan", plan.steps().stream().map(DeploymentNotices::words).collect(Collectors.joining(";")));
    }

    /** No id has a blank, a comma or a semicolon in it. */
    private static String words(Plan.Step step) {
        return step.actions().stream()
                .map(action -> action.word() + " " + action.app())
                .collect(Collectors.joining(","));
    }
}
