package io.mooring.scheduler.rest;

import io.dropwizard.auth.AuthFilter;
import io.dropwizard.auth.Authenticator;
import io.dropwizard.auth.Authorizer;
import io.dropwizard.auth.basic.BasicCredentialAuthFilter;
import io.dropwizard.auth.basic.BasicCredentials;
import io.dropwizard.auth.chained.ChainedAuthFilter;
import io.dropwizard.auth.oauth.OAuthCredentialAuthFilter;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who is let in: everybody with a token or a password may ask, operators may change,
 * executors of other frameworks' tasks may use the claim service. Only {@code /ping} is open. */
final class Door implements ContainerRequestFilter {
    private static final Set<String> ASKING = Set.of("GET", "HEAD", "OPTIONS");
    private static final String WHERE = "/";
    private static final String CLAIMS = "v1/claims";
    private static final String REFUSED = Door.class.getName();

    private final ContainerRequestFilter authentication;

    Door(Users users) {
        Authorizer<User> roles = (user, role, request) -> user.role().name().equalsIgnoreCase(role);
        Authenticator<BasicCredentials, User> passwords =
                given -> users.byPassword(given.getUsername(), given.getPassword());
        Authenticator<String, User> tokens = users::byToken;
        AuthFilter<BasicCredentials, User> basic = new BasicCredentialAuthFilter.Builder<User>()
                .setAuthenticator(passwords)
                .setAuthorizer(roles)
                .setRealm("mooring")
                .buildAuthFilter();
        AuthFilter<String, User> bearer = new OAuthCredentialAuthFilter.Builder<User>()
                .setAuthenticator(tokens)
                .setAuthorizer(roles)
                .setPrefix("Bearer")
                .buildAuthFilter();
        this.authentication = new ChainedAuthFilter<BasicCredentials, User>(List.of(basic, bearer));
    }

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        if (request.getUriInfo().getPath().equals("ping")) {
            return;
        }
        if (request.getUriInfo().getQueryParameters().containsKey("access_token")) {
            // A secret in an address stands in every log on its way.
            refuse(request, unknown(request));
            return;
        }
        try {
            authentication.filter(request);
        } catch (WebApplicationException e) {
            refuse(request, unknown(request));
            return;
        }
        SecurityContext caller = request.getSecurityContext();
        if (caller.isUserInRole(User.Role.EXECUTOR.name())) {
            executor(request, caller);
        } else if (!ASKING.contains(request.getMethod()) && !caller.isUserInRole(User.Role.OPERATOR.name())) {
            refuse(
                    request,
                    problem(
                            request,
                            403,
                            "user '" + Caller.name(caller) + "' is a reader; " + request.getMethod()
                                    + " needs the role operator"));
        }
    }

    private static void executor(ContainerRequestContext request, SecurityContext caller) {
        boolean claims = request.getUriInfo().getPath().equals(CLAIMS)
                || request.getUriInfo().getPath().startsWith(CLAIMS + "/");
        if (!claims || ASKING.contains(request.getMethod())) {
            refuse(
                    request,
                    problem(
                            request,
                            403,
                            "user '" + Caller.name(caller) + "' is an executor, and may use the claim service only"));
        }
    }

    /** Whether this request was sent away at the door, so that nothing was even tried. */
    static boolean refused(ContainerRequestContext request) {
        return request.getProperty(REFUSED) != null;
    }

    private static void refuse(ContainerRequestContext request, Response answer) {
        request.setProperty(REFUSED, answer.getStatus());
        request.abortWith(answer);
    }

    /** Each part of the API has its own form for what is refused. */
    private static Response problem(ContainerRequestContext request, int status, String what) {
        String path = request.getUriInfo().getPath();
        return path.startsWith("v2/")
                ? Response.status(status)
                        .type(MediaType.APPLICATION_JSON)
                        .entity(Map.of("message", what))
                        .build()
                : Problem.of(status, what, List.of(), WHERE + path);
    }

    private static Response unknown(ContainerRequestContext request) {
        Response problem =
                problem(request, 401, "a token (Bearer) or a name and password (Basic) of a known user is needed");
        return Response.fromResponse(problem)
                .header("WWW-Authenticate", "Bearer realm=\"mooring\", Basic realm=\"mooring\"")
                .build();
    }
}
