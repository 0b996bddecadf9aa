package io.mooring.scheduler.mesos;

import com.google.protobuf.ByteString;
import io.mooring.common.command.MessageCodec;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.OfferId;
import io.mooring.scheduler.definition.Definition.FetchUri;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Launch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.mesos.v1.Protos;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** Effects as calls of the v1 scheduler API. */
final class Calls {
    private final List<String> roles;
    private final ExecutorSettings settings;
    private final MessageCodec codec = new MessageCodec();

    Calls(List<String> roles, ExecutorSettings executors) {
        this.roles = roles;
        this.settings = executors;
    }

    Call accept(FrameworkId framework, Effect.AcceptOffers accept, ResourcePool pool) {
        Protos.Offer.Operation.Launch.Builder launch = Protos.Offer.Operation.Launch.newBuilder();
        for (Launch task : accept.launches()) {
            launch.addTaskInfos(task(framework, accept, task, pool));
        }
        Call.Accept.Builder body = Call.Accept.newBuilder().setFilters(filters(accept.refuse()));
        accept.offers().forEach(offer -> body.addOfferIds(offerId(offer)));
        body.addOperations(Protos.Offer.Operation.newBuilder()
                .setType(Protos.Offer.Operation.Type.LAUNCH)
                .setLaunch(launch));
        return call(framework, Call.Type.ACCEPT).setAccept(body).build();
    }

    Call decline(FrameworkId framework, List<OfferId> offers, Duration refuse) {
        Call.Decline.Builder body = Call.Decline.newBuilder().setFilters(filters(refuse));
        offers.forEach(offer -> body.addOfferIds(offerId(offer)));
        return call(framework, Call.Type.DECLINE).setDecline(body).build();
    }

    Call revive(FrameworkId framework) {
        return call(framework, Call.Type.REVIVE)
                .setRevive(Call.Revive.newBuilder().addAllRoles(roles))
                .build();
    }

    Call suppress(FrameworkId framework) {
        return call(framework, Call.Type.SUPPRESS)
                .setSuppress(Call.Suppress.newBuilder().addAllRoles(roles))
                .build();
    }

    Call kill(FrameworkId framework, Effect.KillTask kill) {
        Call.Kill.Builder body = Call.Kill.newBuilder()
                .setTaskId(taskId(kill.task().value()))
                .setAgentId(agentId(kill.agent().value()));
        kill.grace()
                .ifPresent(grace ->
                        body.setKillPolicy(Protos.KillPolicy.newBuilder().setGracePeriod(duration(grace))));
        return call(framework, Call.Type.KILL).setKill(body).build();
    }

    Call acknowledge(FrameworkId framework, Effect.Acknowledge acknowledge) {
        byte[] uuid = new byte[acknowledge.uuid().size()];
        for (int i = 0; i < uuid.length; i++) {
            uuid[i] = acknowledge.uuid().get(i);
        }
        return call(framework, Call.Type.ACKNOWLEDGE)
                .setAcknowledge(Call.Acknowledge.newBuilder()
                        .setAgentId(agentId(acknowledge.agent().value()))
                        .setTaskId(taskId(acknowledge.task().value()))
                        .setUuid(ByteString.copyFrom(uuid)))
                .build();
    }

    /** Of an update that has a uuid and an agent. */
    Call acknowledge(FrameworkId framework, TaskStatus status) {
        return call(framework, Call.Type.ACKNOWLEDGE)
                .setAcknowledge(Call.Acknowledge.newBuilder()
                        .setAgentId(status.getAgentId())
                        .setTaskId(status.getTaskId())
                        .setUuid(status.getUuid()))
                .build();
    }

    Call message(FrameworkId framework, Effect.SendMessage message) {
        return call(framework, Call.Type.MESSAGE)
                .setMessage(Call.Message.newBuilder()
                        .setAgentId(agentId(message.agent().value()))
                        .setExecutorId(executorId(message.task().value()))
                        .setData(ByteString.copyFrom(codec.encode(message.message()))))
                .build();
    }

    Call reconcile(FrameworkId framework, Effect.Reconcile reconcile) {
        Call.Reconcile.Builder body = Call.Reconcile.newBuilder();
        for (Effect.KnownTask task : reconcile.tasks()) {
            body.addTasks(Call.Reconcile.Task.newBuilder()
                    .setTaskId(taskId(task.task().value()))
                    .setAgentId(agentId(task.agent().value())));
        }
        return call(framework, Call.Type.RECONCILE).setReconcile(body).build();
    }

    Call answer(FrameworkId framework, Effect.AnswerInverseOffer answer) {
        Protos.OfferID id = offerId(answer.offer());
        return switch (answer.answer()) {
            case ACCEPT ->
                call(framework, Call.Type.ACCEPT_INVERSE_OFFERS)
                        .setAcceptInverseOffers(Call.AcceptInverseOffers.newBuilder()
                                .addInverseOfferIds(id)
                                .setFilters(filters(answer.refuse())))
                        .build();
            case DECLINE ->
                call(framework, Call.Type.DECLINE_INVERSE_OFFERS)
                        .setDeclineInverseOffers(Call.DeclineInverseOffers.newBuilder()
                                .addInverseOfferIds(id)
                                .setFilters(filters(answer.refuse())))
                        .build();
        };
    }

    private TaskInfo task(FrameworkId framework, Effect.AcceptOffers accept, Launch launch, ResourcePool pool) {
        TaskInfo.Builder task = TaskInfo.newBuilder()
                .setName(launch.name())
                .setTaskId(taskId(launch.task().value()))
                .setAgentId(agentId(accept.agent().value()))
                .setData(ByteString.copyFrom(codec.encode(launch.order())))
                .setKillPolicy(Protos.KillPolicy.newBuilder().setGracePeriod(duration(launch.killGrace())))
                .setLabels(labels(launch.labels()))
                .setExecutor(executor(framework, launch, pool));
        launch.health().map(HealthChecks::of).ifPresent(task::setHealthCheck);
        task.addAllResources(pool.take("cpus", launch.resources().cpus(), launch.acceptedRoles()));
        task.addAllResources(pool.take("mem", launch.resources().memMb(), launch.acceptedRoles()));
        task.addAllResources(pool.take("disk", launch.resources().diskMb(), launch.acceptedRoles()));
        task.addAllResources(pool.take("volume_slots", launch.slots()));
        task.addAllResources(pool.takePorts(launch.ports()));
        return task.build();
    }

    private ExecutorInfo executor(FrameworkId framework, Launch launch, ResourcePool pool) {
        CommandInfo.Builder command = start();
        settings.user().ifPresent(command::setUser);
        settings.archives()
                .forEach(archive -> command.addUris(
                        CommandInfo.URI.newBuilder().setValue(archive).setExtract(true)));
        launch.fetch().forEach(uri -> command.addUris(uri(uri)));
        return ExecutorInfo.newBuilder()
                .setType(ExecutorInfo.Type.CUSTOM)
                .setExecutorId(executorId(launch.task().value()))
                .setFrameworkId(frameworkId(framework))
                .setName("mooring-executor")
                .setCommand(command)
                .addAllResources(pool.take("cpus", settings.cpus(), launch.acceptedRoles()))
                .addAllResources(pool.take("mem", settings.memMb(), launch.acceptedRoles()))
                .setShutdownGracePeriod(duration(settings.shutdown()))
                .build();
    }

    private static CommandInfo.URI.Builder uri(FetchUri fetch) {
        CommandInfo.URI.Builder uri = CommandInfo.URI
                .newBuilder()
                .setValue(fetch.uri())
                .setExtract(fetch.extract())
                .setExecutable(fetch.executable())
                .setCache(fetch.cache());
        fetch.destination().ifPresent(uri::setOutputFile);
        return uri;
    }

    private CommandInfo.Builder start() {
        if (settings.start() instanceof ExecutorSettings.Start.Installed installed) {
            return CommandInfo.newBuilder()
                    .setShell(false)
                    .setValue(installed.path())
                    .addArguments(installed.path());
        }
        String line = ((ExecutorSettings.Start.InSandbox) settings.start()).line();
        return CommandInfo.newBuilder().setShell(true).setValue(line);
    }

    private static Protos.Labels labels(Map<String, String> labels) {
        Protos.Labels.Builder all = Protos.Labels.newBuilder();
        labels.forEach((key, value) ->
                all.addLabels(Protos.Label.newBuilder().setKey(key).setValue(value)));
        return all.build();
    }

    private static Protos.Filters filters(Duration refuse) {
        return Protos.Filters.newBuilder()
                .setRefuseSeconds(refuse.toMillis() / 1000.0)
                .build();
    }

    private static Call.Builder call(FrameworkId framework, Call.Type type) {
        return Call.newBuilder().setType(type).setFrameworkId(frameworkId(framework));
    }

    private static DurationInfo duration(Duration duration) {
        return DurationInfo.newBuilder().setNanoseconds(duration.toNanos()).build();
    }

    private static Protos.FrameworkID frameworkId(FrameworkId id) {
        return Protos.FrameworkID.newBuilder().setValue(id.value()).build();
    }

    private static Protos.OfferID offerId(OfferId id) {
        return Protos.OfferID.newBuilder().setValue(id.value()).build();
    }

    private static Protos.TaskID taskId(String id) {
        return Protos.TaskID.newBuilder().setValue(id).build();
    }

    private static Protos.AgentID agentId(String id) {
        return Protos.AgentID.newBuilder().setValue(id).build();
    }

    /** One executor per task, under the task's name. */
    private static Protos.ExecutorID executorId(String id) {
        return Protos.ExecutorID.newBuilder().setValue(id).build();
    }
}
