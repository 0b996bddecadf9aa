package io.mooring.executor.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.PullImageResultCallback;
import com.github.dockerjava.core.NameParser;
import com.github.dockerjava.core.NameParser.ReposTag;
import io.mooring.common.container.DockerContainer;
import io.mooring.common.container.DockerContainer.Pull;
import io.mooring.executor.docker.EngineException.Kind;

/** The image of a container: pulled where the engine does not have it, or where the app wants it anew. */
final class ContainerImage {
    private final DockerApi api;
    private final DockerContainer container;

    ContainerImage(DockerApi api, DockerContainer container) {
        this.api = api;
        this.container = container;
    }

    void bring() throws EngineException {
        if (container.pull() == Pull.ALWAYS || !there()) {
            api.await(this::pull);
        }
    }

    private boolean there() throws EngineException {
        try {
            api.ask(client -> client.inspectImageCmd(container.image()).exec());
            return true;
        } catch (EngineException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /** Without a tag all tags would be pulled. */
    private Void pull(DockerClient client) {
        ReposTag name = NameParser.parseRepositoryTag(container.image());
        boolean digest = container.image().contains("@");
        try {
            var pull = digest || !name.tag.isEmpty()
                    ? client.pullImageCmd(container.image())
                    : client.pullImageCmd(container.image()).withTag("latest");
            pull.exec(new PullImageResultCallback()).awaitCompletion();
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the pull was interrupted", e);
        }
    }
}
