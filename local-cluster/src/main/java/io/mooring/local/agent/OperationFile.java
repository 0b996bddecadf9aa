package io.mooring.local.agent;

import io.mooring.local.resource.Resources;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.Operation;
import org.apache.mesos.v1.agent.Protos.Response;

/** What the agent's operations have made of its resources, and which of them are not acknowledged, in one file. */
final class OperationFile {
    private final Path file;

    OperationFile(Path workDir) {
        file = workDir.resolve("meta").resolve("operations");
    }

    /** The resources as operations left them; without a file as configured. */
    Resources total(Resources configured) {
        if (!Files.exists(file)) {
            return configured;
        }
        Resources left = Resources.of(read().resources().getResourcesList());
        if (!left.quantities().equals(configured.quantities())) {
            throw new IllegalStateException("the agent's resources are configured as " + configured
                    + ", but with its reservations they were " + left + "; the amounts have to stay the same, or "
                    + file.getParent() + " has to go");
        }
        return left;
    }

    List<Operation> operations() {
        return Files.exists(file) ? read().operations().getOperationsList() : List.of();
    }

    private record Content(AgentInfo resources, Response.GetOperations operations) {}

    private Content read() {
        try (InputStream in = Files.newInputStream(file)) {
            return new Content(
                    AgentInfo.parser().parsePartialDelimitedFrom(in),
                    Response.GetOperations.parser().parseDelimitedFrom(in));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the agent's reservations " + file, e);
        }
    }

    void write(Resources total, List<Operation> operations) {
        Path fresh = file.resolveSibling("operations.new");
        try {
            Files.createDirectories(file.getParent());
            try (OutputStream out = Files.newOutputStream(fresh)) {
                AgentInfo.newBuilder()
                        .addAllResources(total.inOrder())
                        .buildPartial()
                        .writeDelimitedTo(out);
                Response.GetOperations.newBuilder()
                        .addAllOperations(operations)
                        .build()
                        .writeDelimitedTo(out);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the agent's reservations " + file, e);
        }
    }
}
