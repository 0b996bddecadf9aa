package io.mooring.local.operator;

import io.mooring.local.legacy.Version;
import io.mooring.local.master.Master;
import io.mooring.local.master.View;
import java.time.Instant;
import java.util.List;
import org.apache.mesos.v1.Protos.Flag;
import org.apache.mesos.v1.Protos.Metric;
import org.apache.mesos.v1.Protos.WeightInfo;
import org.apache.mesos.v1.master.Protos.Call;
import org.apache.mesos.v1.master.Protos.Response;
import org.apache.mesos.v1.quota.Protos.QuotaStatus;

/** The calls that change nothing. */
final class OperatorReads {
    private final Master master;

    OperatorReads(Master master) {
        this.master = master;
    }

    Response read(Call.Type type) {
        Response.Builder response = Response.newBuilder().setType(Response.Type.valueOf(type.name()));
        return master.read(view -> answer(type, response, view).build());
    }

    private static Response.Builder answer(Call.Type type, Response.Builder response, View view) {
        return switch (type) {
            case GET_HEALTH ->
                response.setGetHealth(Response.GetHealth.newBuilder().setHealthy(true));
            case GET_FLAGS -> response.setGetFlags(flags(view));
            case GET_VERSION ->
                response.setGetVersion(Response.GetVersion.newBuilder().setVersionInfo(Version.info()));
            case GET_METRICS -> response.setGetMetrics(metrics(view));
            case GET_LOGGING_LEVEL ->
                response.setGetLoggingLevel(
                        Response.GetLoggingLevel.newBuilder().setLevel(0));
            case GET_MASTER ->
                response.setGetMaster(Response.GetMaster.newBuilder()
                        .setMasterInfo(view.masterInfo())
                        .setStartTime(view.electedTime())
                        .setElectedTime(view.electedTime()));
            case GET_AGENTS -> response.setGetAgents(view.agents());
            case GET_FRAMEWORKS -> response.setGetFrameworks(view.frameworks());
            case GET_EXECUTORS -> response.setGetExecutors(view.executors());
            case GET_OPERATIONS -> response.setGetOperations(view.operations());
            case GET_TASKS -> response.setGetTasks(view.tasks());
            case GET_ROLES -> response.setGetRoles(view.roles());
            case GET_WEIGHTS -> weights(response, view);
            // Quotas cannot be set here.
            case GET_QUOTA ->
                response.setGetQuota(Response.GetQuota.newBuilder().setStatus(QuotaStatus.getDefaultInstance()));
            case GET_MAINTENANCE_STATUS ->
                response.setGetMaintenanceStatus(
                        Response.GetMaintenanceStatus.newBuilder().setStatus(view.maintenanceStatus()));
            case GET_MAINTENANCE_SCHEDULE ->
                response.setGetMaintenanceSchedule(
                        Response.GetMaintenanceSchedule.newBuilder().setSchedule(view.maintenanceSchedule()));
            default -> response.setGetState(view.all());
        };
    }

    /** Without any, the answer has no list of them either. */
    private static Response.Builder weights(Response.Builder response, View view) {
        List<WeightInfo> set = view.weights();
        return set.isEmpty()
                ? response
                : response.setGetWeights(Response.GetWeights.newBuilder().addAllWeightInfos(set));
    }

    private static Response.GetFlags flags(View view) {
        Response.GetFlags.Builder flags = Response.GetFlags.newBuilder();
        view.flags()
                .forEach((name, value) ->
                        flags.addFlags(Flag.newBuilder().setName(name).setValue(value)));
        return flags.build();
    }

    private static Response.GetMetrics metrics(View view) {
        Response.GetMetrics.Builder metrics = Response.GetMetrics.newBuilder();
        view.metrics()
                .all(Instant.now())
                .forEach((name, value) ->
                        metrics.addMetrics(Metric.newBuilder().setName(name).setValue(value)));
        return metrics.build();
    }
}
