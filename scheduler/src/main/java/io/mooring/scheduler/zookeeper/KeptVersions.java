package io.mooring.scheduler.zookeeper;

import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.AppVersion;
import io.mooring.scheduler.engine.Versions;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.OpResult;

/** Reads earlier versions of apps, one at a time, when somebody asks. */
final class KeptVersions implements Versions {
    private final Session session;
    private final RecordJson json;

    KeptVersions(Session session, RecordJson json) {
        this.session = session;
        this.json = json;
    }

    @Override
    public CompletionStage<Optional<AppVersion>> earlier(AppId app, Instant version) {
        CompletableFuture<Optional<AppVersion>> answer = new CompletableFuture<>();
        session.read(
                List.of(Paths.version(app, version)), (code, path, context, results) -> found(code, results, answer));
        return answer;
    }

    private void found(int code, List<OpResult> results, CompletableFuture<Optional<AppVersion>> answer) {
        OpResult result = results == null || results.isEmpty() ? null : results.get(0);
        try {
            if (result instanceof OpResult.GetDataResult got) {
                answer.complete(Optional.of(json.read(got.getData(), AppVersion.class)));
            } else if (result instanceof OpResult.ErrorResult error && error.getErr() == Code.NONODE.intValue()) {
                answer.complete(Optional.empty());
            } else {
                answer.completeExceptionally(KeeperException.create(Code.get(code)));
            }
        } catch (IOException e) {
            answer.completeExceptionally(e);
        }
    }
}
