package io.mooring.scheduler.placement;

import io.mooring.scheduler.definition.Resources;
import java.util.List;
import java.util.Optional;

/** What every task needs of an agent: resources, ports, roles. */
final class ResourceRules {
    private ResourceRules() {}

    static Optional<Veto> resources(TaskRequest request, Candidate candidate) {
        List<String> accepted = request.definition().acceptedRoles();
        if (candidate.has(request.resources(), accepted)) {
            return Optional.empty();
        }
        Resources wanted = request.resources();
        Resources left = candidate.left(accepted);
        return Optional.of(new Veto(
                Veto.Kind.RESOURCES,
                "needs cpus " + plain(wanted.cpus()) + ", mem " + plain(wanted.memMb()) + ", disk "
                        + plain(wanted.diskMb()) + " with its executor; the offer has cpus " + plain(left.cpus())
                        + ", mem " + plain(left.memMb()) + ", disk " + plain(left.diskMb())));
    }

    static Optional<Veto> ports(TaskRequest request, Candidate candidate) {
        if (candidate
                .ports(request.definition().ports(), request.definition().acceptedRoles())
                .isPresent()) {
            return Optional.empty();
        }
        return Optional.of(new Veto(
                Veto.Kind.PORTS,
                "the offer does not have the " + request.definition().ports().size() + " ports it needs"));
    }

    static Optional<Veto> roles(TaskRequest request, Candidate candidate) {
        List<String> accepted = request.definition().acceptedRoles();
        if (accepted.isEmpty() || candidate.roles().stream().anyMatch(accepted::contains)) {
            return Optional.empty();
        }
        return Optional.of(new Veto(
                Veto.Kind.ROLE, "accepts resources of " + accepted + "; the offer has those of " + candidate.roles()));
    }

    /** An agent that is about to go is no place for a task. */
    static Optional<Veto> closing(TaskRequest request, Candidate candidate) {
        return candidate
                .closing()
                .filter(closing -> closing.when() == Closing.When.SOON)
                .map(closing -> new Veto(Veto.Kind.MAINTENANCE, closing.reason()));
    }

    private static String plain(double amount) {
        long thousandths = Math.round(amount * 1000);
        return thousandths % 1000 == 0 ? Long.toString(thousandths / 1000) : Double.toString(thousandths / 1000.0);
    }
}
