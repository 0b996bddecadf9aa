package io.mooring.scheduler.placement;

import io.mooring.common.ids.OfferId;
import io.mooring.scheduler.cluster.Agent;
import io.mooring.scheduler.cluster.Machine;
import io.mooring.scheduler.definition.Definition.PortRequest;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.placement.Offer.PortRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An agent with all its offers in hand, and what is left of them while a round goes on. Made for one round and thrown
 * away.
 */
public final class Candidate {
    private static final double SMALLEST = 1e-6;

    private final Agent agent;
    private final Optional<Machine> machine;
    private final List<OfferId> offers = new ArrayList<>();
    private final List<PortRange> ports = new ArrayList<>();
    private final TreeSet<Integer> takenPorts = new TreeSet<>();
    private final Map<String, Left> left = new LinkedHashMap<>();
    private final Optional<Closing> closing;
    private final Map<String, Long> takenBytes = new TreeMap<>();
    private final boolean countsSlots;
    private int slots;

    /** What is left of one role's scalars. */
    private static final class Left {
        private double cpus;
        private double memMb;
        private double diskMb;

        void add(Resources more) {
            cpus += more.cpus();
            memMb += more.memMb();
            diskMb += more.diskMb();
        }

        /** Takes what there is of what is still wanted; tells what is wanted after that. */
        Resources take(Resources wanted) {
            double someCpus = Math.min(cpus, wanted.cpus());
            double someMem = Math.min(memMb, wanted.memMb());
            double someDisk = Math.min(diskMb, wanted.diskMb());
            cpus -= someCpus;
            memMb -= someMem;
            diskMb -= someDisk;
            return new Resources(wanted.cpus() - someCpus, wanted.memMb() - someMem, wanted.diskMb() - someDisk);
        }

        Resources now() {
            return new Resources(cpus, memMb, diskMb);
        }
    }

    /** An agent that stays. */
    public Candidate(Agent agent, Optional<Machine> machine, List<Offer> offers) {
        this(agent, machine, offers, Optional.empty());
    }

    /**
     * @param machine what is remembered of its machine; empty if nothing was ever granted there
     * @param offers all to one role
     * @param closing why the agent is not to be relied on for long
     */
    public Candidate(Agent agent, Optional<Machine> machine, List<Offer> offers, Optional<Closing> closing) {
        this.agent = agent;
        this.machine = machine;
        this.closing = closing;
        this.countsSlots = machine.flatMap(Machine::slots).isPresent()
                || offers.stream().anyMatch(offer -> offer.slots().isPresent());
        for (Offer offer : offers) {
            this.offers.add(offer.id());
            ports.addAll(offer.ports());
            offer.shares().forEach(share -> left.computeIfAbsent(share.role(), role -> new Left())
                    .add(share.resources()));
            slots += offer.slots().orElse(0);
        }
        // What the machine was cut off from may still be attached there (I9).
        slots -= machine.map(known -> known.fenced().size()).orElse(0);
    }

    public Optional<Machine> machine() {
        return machine;
    }

    public Agent agent() {
        return agent;
    }

    public List<OfferId> offers() {
        return Collections.unmodifiableList(offers);
    }

    public Resources left() {
        return left(List.of());
    }

    /** In MB, of all roles. */
    double memoryLeft() {
        double sum = 0;
        for (Left one : left.values()) {
            sum += one.memMb;
        }
        return sum;
    }

    /** What is left for somebody who takes resources of these roles only; of all roles if there are none. */
    Resources left(List<String> accepted) {
        Resources sum = Resources.NONE;
        for (Map.Entry<String, Left> entry : left.entrySet()) {
            if (accepted.isEmpty() || accepted.contains(entry.getKey())) {
                sum = sum.plus(entry.getValue().now());
            }
        }
        return sum;
    }

    public boolean has(Resources wanted) {
        return has(wanted, List.of());
    }

    boolean has(Resources wanted, List<String> accepted) {
        Resources there = left(accepted);
        return there.cpus() + SMALLEST >= wanted.cpus()
                && there.memMb() + SMALLEST >= wanted.memMb()
                && there.diskMb() + SMALLEST >= wanted.diskMb();
    }

    /** Why the agent is not to be relied on for long. */
    Optional<Closing> closing() {
        return closing;
    }

    /** Attach slots left; empty if the agent does not limit them. */
    public Optional<Integer> slotsLeft() {
        return countsSlots ? Optional.of(slots) : Optional.empty();
    }

    public List<String> roles() {
        return left.keySet().stream().sorted().toList();
    }

    /** Bytes of a driver's pool that this round has given away already. */
    public long takenBytes(String driver) {
        return takenBytes.getOrDefault(driver, 0L);
    }

    /**
     * Ports for these requests, in their order; empty if there are not enough.
     *
     * @param accepted the roles whose ports may be taken; empty for all
     */
    Optional<List<Integer>> ports(List<PortRequest> requests, List<String> accepted) {
        List<PortRange> usable = ports.stream()
                .filter(range -> accepted.isEmpty() || accepted.contains(range.role()))
                .toList();
        TreeSet<Integer> used = new TreeSet<>(takenPorts);
        // A port that has to be this one is not given to a request that any would do for.
        TreeSet<Integer> wanted = new TreeSet<>(requests.stream()
                .map(PortRequest::fixed)
                .filter(port -> port != 0)
                .toList());
        List<Integer> found = new ArrayList<>();
        for (PortRequest request : requests) {
            Optional<Integer> port =
                    request.fixed() == 0 ? anyPort(usable, used, wanted) : thisPort(usable, request.fixed(), used);
            if (port.isEmpty()) {
                return Optional.empty();
            }
            used.add(port.get());
            found.add(port.get());
        }
        return Optional.of(found);
    }

    /** Takes what a placement uses. */
    public void take(Resources used, List<Integer> usedPorts, int usedSlots) {
        take(used, List.of(), usedPorts, usedSlots);
    }

    /** Takes what a placement uses, what is reserved first. */
    void take(Resources used, List<String> accepted, List<Integer> usedPorts, int usedSlots) {
        Resources open = used;
        for (Map.Entry<String, Left> entry : left.entrySet()) {
            if (accepted.isEmpty() || accepted.contains(entry.getKey())) {
                open = entry.getValue().take(open);
            }
        }
        slots -= usedSlots;
        takenPorts.addAll(usedPorts);
    }

    /** Takes room of a driver's pool for volumes that its figures do not contain yet. */
    public void reserveBytes(String driver, long bytes) {
        takenBytes.merge(driver, bytes, Long::sum);
    }

    private static Optional<Integer> anyPort(List<PortRange> usable, Set<Integer> used, Set<Integer> wanted) {
        for (PortRange range : usable) {
            for (int port = range.first(); port <= range.last(); port++) {
                if (!used.contains(port) && !wanted.contains(port)) {
                    return Optional.of(port);
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Integer> thisPort(List<PortRange> usable, int port, Set<Integer> used) {
        boolean offered = usable.stream().anyMatch(range -> range.first() <= port && port <= range.last());
        return offered && !used.contains(port) ? Optional.of(port) : Optional.empty();
    }
}
