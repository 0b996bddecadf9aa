package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.Policy;
import io.mooring.scheduler.definition.App;
import java.util.List;

/**
 * Settings under the names that Marathon's flags have in {@code /v2/info}. Every name of Marathon's is there; where Mooring has
 * no such thing, or it has no fixed value, it is null.
 */
final class SettingsView {
    private static final List<String> ELSEWHERE = List.of(
            "access_control_allow_origin",
            "default_network_name",
            "env_vars_prefix",
            "launch_token",
            "launch_token_refresh_interval",
            "local_port_max",
            "local_port_min",
            "max_instances_per_offer",
            "mesos_bridge_name",
            "mesos_heartbeat_failure_threshold",
            "mesos_heartbeat_interval",
            "min_revive_offers_interval",
            "offer_matching_timeout",
            "on_elected_prepare_timeout",
            "scale_apps_initial_delay",
            "scale_apps_interval",
            "store_cache",
            "task_launch_timeout",
            "task_lost_expunge_initial_delay",
            "task_lost_expunge_interval",
            "task_reservation_timeout");
    private static final List<String> OTHER_STORE = List.of(
            "zk_compression", "zk_compression_threshold", "zk_connection_timeout", "zk_max_node_size", "zk_timeout");

    private SettingsView() {}

    /** Times are in milliseconds, but for the failover timeout, as in Marathon. */
    static ObjectNode marathon(Settings settings, Policy policy) {
        Settings.Registered framework = settings.framework();
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("checkpoint", framework.tasks() == Settings.Tasks.CHECKPOINTED)
                .put("decline_offer_duration", policy.timing().idleRefusal().toMillis())
                .put("executor", settings.executor().orElse(null))
                .put("failover_timeout", framework.failoverTimeout().toSeconds())
                .put("framework_name", framework.name())
                .put("ha", true)
                .put("hostname", framework.hostname())
                .put("leader_proxy_connection_timeout_ms", LeaderProxy.CONNECTING.toMillis())
                .put("leader_proxy_read_timeout_ms", LeaderProxy.SILENCE.toMillis())
                .put("maintenance_mode", true)
                .put("master", settings.masters())
                .put("mesos_leader_ui_url", settings.mastersPage().orElse(null))
                .put("mesos_role", policy.requests().role().orElse(null))
                .put("mesos_user", framework.user())
                .put("new_group_enforce_role", "off")
                .put("reconciliation_initial_delay", 0)
                .put("reconciliation_interval", Decider.RECONCILE_EVERY.toMillis())
                .put(
                        "task_launch_confirm_timeout",
                        policy.timing().launchTimeout().toMillis())
                .put("webui_url", framework.webUi());
        view.putArray("features").add("external_volumes");
        ELSEWHERE.forEach(view::putNull);
        return view;
    }

    static ObjectNode zooKeeper(Settings settings) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("zk", "zk://" + settings.zooKeeper())
                .put("zk_max_versions", App.MOST_EARLIER)
                .put("zk_session_timeout", settings.sessionTimeout().toMillis());
        OTHER_STORE.forEach(view::putNull);
        return view;
    }

    static ObjectNode http(Settings settings) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("http_port", settings.http().orElse(null))
                .put("https_port", settings.https().orElse(null));
    }
}
