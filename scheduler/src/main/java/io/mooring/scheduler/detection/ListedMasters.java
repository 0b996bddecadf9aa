package io.mooring.scheduler.detection;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** One of a few addresses leads; whoever is asked and does not, redirects to it or is not ready, and the next is asked. */
public final class ListedMasters implements MasterDetector {
    private final List<URI> addresses;

    public ListedMasters(Masters.Listed masters) {
        this.addresses = masters.addresses();
    }

    @Override
    public void start(Runnable changed) {}

    @Override
    public Optional<URI> candidate(int attempt) {
        return Optional.of(addresses.get(Math.floorMod(attempt, addresses.size())));
    }

    @Override
    public boolean trusts(URI master) {
        return addresses.contains(master);
    }

    @Override
    public boolean deposed(URI master) {
        return false;
    }

    @Override
    public void close() {}
}
