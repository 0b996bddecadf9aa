package io.mooring.local.replay;

import java.nio.file.Path;
import java.util.Optional;

/** The one stage on which all questions of operators are asked: they change nothing, and it takes long to set up. */
final class SharedStage implements AutoCloseable {
    private final Path directory;
    private final Path bin;
    private Optional<Stage> stage = Optional.empty();

    SharedStage(Path directory, Path bin) {
        this.directory = directory;
        this.bin = bin;
    }

    /** Set up when it is first asked for. */
    synchronized Stage get(Recording first) throws Exception {
        if (stage.isEmpty()) {
            Stage made = new Stage(first, directory);
            stage = Optional.of(made);
            made.ready(new Matching());
            new Setting(made, bin).make();
        }
        return stage.get();
    }

    @Override
    public synchronized void close() {
        stage.ifPresent(Stage::close);
    }
}
