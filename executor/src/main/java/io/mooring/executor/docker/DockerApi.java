package io.mooring.executor.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import io.mooring.executor.docker.EngineException.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * The Docker Engine API of one engine. Whatever its client throws comes out as an {@link EngineException} that says
 * whether the engine answered.
 */
final class DockerApi {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofMinutes(2);
    private static final int CONNECTIONS = 20;

    private final Path socket;
    private final DockerClient prompt;
    private final DockerClient patient;

    DockerApi(Path socket) {
        this.socket = socket;
        this.prompt = client(socket, Optional.of(ANSWER));
        this.patient = client(socket, Optional.empty());
    }

    private static DockerClient client(Path socket, Optional<Duration> answer) {
        DefaultDockerClientConfig config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost("unix://" + socket)
                .withDockerTlsVerify(false)
                .build();
        ApacheDockerHttpClient.Builder http = new ApacheDockerHttpClient.Builder()
                .dockerHost(config.getDockerHost())
                .connectionTimeout(CONNECT)
                .maxConnections(CONNECTIONS);
        answer.ifPresent(http::responseTimeout);
        return DockerClientImpl.getInstance(config, http.build());
    }

    /** A call that the engine has to answer soon. */
    <T> T ask(Function<DockerClient, T> call) throws EngineException {
        return call(prompt, call);
    }

    /** A call that lasts as long as it lasts. */
    <T> T await(Function<DockerClient, T> call) throws EngineException {
        return call(patient, call);
    }

    /** The client's exceptions are all unchecked, and those of a broken connection have no type of their own. */
    private <T> T call(DockerClient client, Function<DockerClient, T> call) throws EngineException {
        try {
            return call.apply(client);
        } catch (NotFoundException e) {
            throw new EngineException(Kind.NOT_FOUND, said(e), e);
        } catch (DockerException e) {
            throw new EngineException(Kind.REFUSED, said(e), e);
        } catch (RuntimeException e) {
            Throwable deepest = e;
            while (deepest.getCause() != null) {
                deepest = deepest.getCause();
            }
            throw new EngineException(
                    Kind.NO_ANSWER, "the Docker Engine at " + socket + " did not answer: " + said(deepest), e);
        }
    }

    private static String said(Throwable e) {
        return e.getMessage() == null
                ? e.getClass().getSimpleName()
                : e.getMessage().strip();
    }
}
