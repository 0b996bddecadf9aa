package io.mooring.local.wire;

import java.util.Optional;
import java.util.function.Function;

/**
 * HTTP Basic authentication in front of an endpoint. What a path belongs to (Mesos calls it a realm) decides whether
 * anyone has to say who it is; it comes before every other check.
 */
public final class BasicAuthentication implements Endpoint {
    private final Endpoint behind;
    private final Credentials credentials;
    private final Function<String, Optional<String>> realm;

    /** @param realm of a path; empty for what everybody may see */
    public BasicAuthentication(Endpoint behind, Credentials credentials, Function<String, Optional<String>> realm) {
        this.behind = behind;
        this.credentials = credentials;
        this.realm = realm;
    }

    @Override
    public Optional<Answer> serve(Exchange exchange) throws RefusedException {
        Optional<String> wanted = realm.apply(exchange.path());
        if (wanted.isPresent()) {
            Optional<String> principal = credentials.principal(exchange.header("Authorization"));
            exchange.authenticated(principal.orElseThrow(
                    () -> new RefusedException(Answer.unauthorized("Basic realm=\"" + wanted.get() + "\""))));
        }
        return behind.serve(exchange);
    }
}
