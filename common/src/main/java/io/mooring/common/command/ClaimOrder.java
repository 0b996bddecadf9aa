package io.mooring.common.command;

import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.VolumeName;
import io.mooring.common.volume.VolumeRequest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The body of {@code POST /v1/claims}: a task that another framework runs asks for its volumes, all or none.
 *
 * @param id names the whole of it; the same id with the same content is the same question
 * @param agent where the task runs; empty when whoever asks does not know, and the machine alone says it
 * @param highWater the highest fence that this machine has acted under, by volume; what is not named is 0
 * @param highestEpoch the highest scheduler epoch that this machine has seen; 0 if it does not know
 * @param definition instead of the volumes, what an app of Marathon's says of them: a JSON object with {@code env}, {@code
 *     labels} and {@code container}, which the scheduler reads as it reads an app
 */
public record ClaimOrder(
        ClaimId id,
        FrameworkId framework,
        TaskId task,
        Optional<AgentId> agent,
        MachineKey machine,
        BootId boot,
        Contact contact,
        List<VolumeRequest> volumes,
        Map<VolumeName, Long> highWater,
        long highestEpoch,
        Optional<String> definition) {
    /** At most so many volumes are claimed together; they have to fit one transaction. */
    public static final int MOST_VOLUMES = 32;

    public ClaimOrder {
        volumes = List.copyOf(volumes);
        highWater = Collections.unmodifiableMap(new TreeMap<>(highWater));
        if (definition.isPresent() ? !volumes.isEmpty() : volumes.isEmpty()) {
            throw new IllegalArgumentException(
                    "field 'volumes' or 'definition' says which volumes are wanted; one of them");
        }
        if (volumes.size() > MOST_VOLUMES) {
            throw new IllegalArgumentException("field 'volumes' has " + volumes.size() + " entries; 1 to "
                    + MOST_VOLUMES + " volumes are claimed together");
        }
    }

    /** For volumes that are named. */
    public ClaimOrder(
            ClaimId id,
            FrameworkId framework,
            TaskId task,
            Optional<AgentId> agent,
            MachineKey machine,
            BootId boot,
            Contact contact,
            List<VolumeRequest> volumes,
            Map<VolumeName, Long> highWater,
            long highestEpoch) {
        this(id, framework, task, agent, machine, boot, contact, volumes, highWater, highestEpoch, Optional.empty());
    }

    /** The same with its definition read. */
    public ClaimOrder naming(List<VolumeRequest> meant) {
        return new ClaimOrder(
                id, framework, task, agent, machine, boot, contact, meant, highWater, highestEpoch, Optional.empty());
    }

    /** Whether it asks for the same; what the machine has seen meanwhile is no other question. */
    public boolean asks(ClaimOrder other) {
        return unmarked().equals(other.unmarked());
    }

    private ClaimOrder unmarked() {
        return new ClaimOrder(id, framework, task, agent, machine, boot, contact, volumes, Map.of(), 0, definition);
    }

    /** How the scheduler knows that the holder is alive. */
    public enum Contact {
        /** The holder is a process that says so; when it falls silent the claim becomes suspect. */
        HEARTBEATS("heartbeats"),
        /** Nobody stays to say so, as with {@code dvdcli}; the machine stands for the holder. */
        MACHINE("machine");

        private final String word;

        Contact(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }

        static Contact of(String word) {
            for (Contact contact : values()) {
                if (contact.word.equals(word)) {
                    return contact;
                }
            }
            throw new IllegalArgumentException(
                    "field 'contact' is '" + word + "'; it has to be 'heartbeats' or 'machine'");
        }
    }
}
