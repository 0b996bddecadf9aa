package io.mooring.scheduler.mesos;

import io.mooring.common.mesoshttp.Access;
import io.mooring.common.mesoshttp.Tls;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.apache.mesos.v1.Protos;

/** What a framework shows a master that authenticates: HTTP Basic over HTTP, the message of that name to libmesos. */
public record Credential(String principal, String secret) {
    public Credential {
        if (principal.isEmpty() || principal.contains(":")) {
            throw new IllegalArgumentException("the principal '" + principal
                    + "' cannot be told by HTTP Basic; it has to have a letter and no colon");
        }
        if (secret.isEmpty()) {
            throw new IllegalArgumentException("the secret of principal '" + principal + "' is empty");
        }
    }

    /** How the masters are spoken to. */
    public static Access access(Optional<Credential> credential, Optional<Tls> tls) {
        Optional<String> header = credential.map(Credential::basic);
        return new Access(() -> header, tls);
    }

    private String basic() {
        byte[] both = (principal + ":" + secret).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both);
    }

    Protos.Credential message() {
        return Protos.Credential.newBuilder()
                .setPrincipal(principal)
                .setSecret(secret)
                .build();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Credential[principal=" + principal + "]";
    }
}
