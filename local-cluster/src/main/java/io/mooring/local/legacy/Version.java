package io.mooring.local.legacy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.mesos.v1.Protos.VersionInfo;

/** What this cluster claims to be; clients ask. */
public final class Version {
    public static final String NUMBER = "1.11.0";

    /** When nobody built it, since it is none. */
    private static final String BUILD_DATE = "1970-01-01 00:00:00 UTC";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Version() {}

    /** Mesos tells when, by whom and from which commit it was built. */
    public static VersionInfo info() {
        return VersionInfo.newBuilder()
                .setVersion(NUMBER)
                .setBuildDate(BUILD_DATE)
                .setBuildTime(0)
                .setBuildUser("mooring")
                .setGitSha("0000000000000000000000000000000000000000")
                .setGitTag(NUMBER)
                .build();
    }

    /** The same as {@code /version} gives it. */
    public static ObjectNode json() {
        VersionInfo info = info();
        return JSON.createObjectNode()
                .put("version", info.getVersion())
                .put("git_sha", info.getGitSha())
                .put("git_tag", info.getGitTag())
                .put("build_date", info.getBuildDate())
                .put("build_time", info.getBuildTime())
                .put("build_user", info.getBuildUser());
    }
}
