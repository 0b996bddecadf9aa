package io.mooring.plugin.volume;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who has a volume, with what outlives every attachment. */
public sealed interface Ownership {
    /** What outlives every attachment. */
    Standing standing();

    /** The highest fence so far. */
    default HighWater highWater() {
        return standing().highWater();
    }

    /** The same with this standing. */
    Ownership with(Standing next);

    /** What a host has of it, in whatever way. */
    default Optional<Attachment> on(HostIdentity host) {
        return attachments().stream()
                .filter(attachment -> attachment.host().host().equals(host.host()))
                .findFirst();
    }

    /** All attachments; more than one only of readers. */
    List<Attachment> attachments();

    /** Nobody has it. */
    record Free(Standing standing) implements Ownership {
        /** Free, and nobody was ever cut off. */
        public Free(HighWater highWater) {
            this(Standing.of(highWater));
        }

        @Override
        public Ownership with(Standing next) {
            return new Free(next);
        }

        @Override
        public List<Attachment> attachments() {
            return List.of();
        }
    }

    /** One host has it to read and write, or is about to: the record is written before anything is done. */
    record Attached(Standing standing, Attachment attachment) implements Ownership {
        /** Attached, and nobody was ever cut off. */
        public Attached(HighWater highWater, Attachment attachment) {
            this(Standing.of(highWater), attachment);
        }

        @Override
        public Ownership with(Standing next) {
            return new Attached(next, attachment);
        }

        @Override
        public List<Attachment> attachments() {
            return List.of(attachment);
        }
    }

    /** These hosts have it to read, at least one. */
    record Shared(Standing standing, List<Attachment> readers) implements Ownership {
        public Shared {
            readers = List.copyOf(readers);
            if (readers.isEmpty()) {
                throw new IllegalArgumentException("shared by nobody");
            }
        }

        @Override
        public Ownership with(Standing next) {
            return new Shared(next, readers);
        }

        @Override
        public List<Attachment> attachments() {
            return readers;
        }

        /** Without this one; free when it was the last. */
        public Ownership without(Attachment leaving) {
            List<Attachment> rest =
                    readers.stream().filter(reader -> !reader.equals(leaving)).toList();
            return rest.isEmpty() ? new Free(standing) : new Shared(standing, rest);
        }
    }

    /** Its holder is being cut off: nobody may have it until that is done. */
    record Cutting(Standing standing, Attachment attachment) implements Ownership {
        @Override
        public Ownership with(Standing next) {
            return new Cutting(next, attachment);
        }

        @Override
        public List<Attachment> attachments() {
            return List.of(attachment);
        }
    }

    /** With this attachment for that access, in place of what its host had. */
    default Ownership attach(Attachment attachment, Access access) {
        if (access == Access.READ_WRITE) {
            return new Attached(standing().raisedTo(attachment.holder()), attachment);
        }
        List<Attachment> readers = new ArrayList<>(attachments());
        readers.removeIf(reader -> reader.host().host().equals(attachment.host().host()));
        readers.add(attachment);
        return new Shared(standing(), readers);
    }

    /** With a changed attachment in place of the one that its host has; the same if that has none any more. */
    default Ownership replace(Attachment changed) {
        if (on(changed.host()).isEmpty() || this instanceof Cutting) {
            return this;
        }
        return this instanceof Shared ? attach(changed, Access.READ_ONLY) : new Attached(standing(), changed);
    }

    /** Without what this host has; the same if it has nothing any more, or is being cut off. */
    default Ownership leave(HostIdentity host) {
        if (this instanceof Shared shared) {
            return on(host).map(shared::without).orElse(this);
        }
        return this instanceof Attached && on(host).isPresent() ? new Free(standing()) : this;
    }
}
