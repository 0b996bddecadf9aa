package io.mooring.local.master;

import org.apache.mesos.v1.Protos.VersionInfo;

/** What this cluster claims to be; clients ask. */
public final class Version {
    public static final String NUMBER = "1.11.0";

    /** When nobody built it, since it is none. */
    private static final String BUILD_DATE = "1970-01-01 00:00:00 UTC";

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
}
