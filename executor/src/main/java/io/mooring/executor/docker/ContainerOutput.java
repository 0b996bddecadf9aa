package io.mooring.executor.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings what a container writes into the task's sandbox, as far as the engine's log driver keeps it. */
final class ContainerOutput extends ResultCallback.Adapter<Frame> {
    private static final Logger log = LoggerFactory.getLogger(ContainerOutput.class);
    private static final long REST_SECONDS = 5;

    void follow(DockerApi api, String name) throws EngineException {
        api.await(client -> client.logContainerCmd(name)
                .withStdOut(true)
                .withStdErr(true)
                .withFollowStream(true)
                .exec(this));
    }

    @Override
    public void onNext(Frame frame) {
        PrintStream to = frame.getStreamType() == StreamType.STDERR ? System.err : System.out;
        to.write(frame.getPayload(), 0, frame.getPayload().length);
        to.flush();
    }

    /** The task runs all the same. */
    @Override
    public void onError(Throwable problem) {
        log.warn("the container's output is not seen here any more: {}", problem.getMessage());
        super.onError(problem);
    }

    /** Waits a little for the rest. */
    void finish() throws InterruptedException {
        try {
            awaitCompletion(REST_SECONDS, TimeUnit.SECONDS);
        } catch (RuntimeException e) {
            log.debug("the end of the container's output was an error", e);
        }
    }
}
