package io.mooring.scheduler.cluster;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Where claims, tasks and attachments disagree, each under its name. Not durable: a new leader finds them again. */
public final class Discrepancies {
    private final Map<Name, SortedMap<String, Found>> found = new EnumMap<>(Name.class);

    /** The ways to disagree. */
    public enum Name {
        /** A claimed volume is attached to another machine than the claim's: two machines may write. */
        ATTACHED_ELSEWHERE("attached-elsewhere"),
        /** A task runs on a volume that the backend says is not attached. */
        ATTACHMENT_MISSING("attachment-missing"),
        /** A volume without a claim is attached to one of our machines. */
        LEAKED_ATTACHMENT("leaked-attachment"),
        /** A volume without a claim is attached to a machine that is not ours. */
        FOREIGN_ATTACHMENT("foreign-attachment"),
        /** A volume on record is not in the backend. */
        VOLUME_MISSING("volume-missing"),
        /** The backend has a volume that is not on record; it can be imported. */
        UNKNOWN_VOLUME("unknown-volume"),
        /** A task of ours runs that is not on record. */
        UNKNOWN_TASK("unknown-task"),
        /** A machine has acted under a higher fence or epoch than is on record: the store went back in time. */
        ROLLED_BACK("rolled-back"),
        /** Two boots are alive under one machine key: a cloned machine. */
        TWO_BOOTS("two-boots"),
        /** A task that was taken over came back. */
        ZOMBIE_RETURNED("zombie-returned"),
        /** A release that does not come on. */
        CLAIM_STUCK("claim-stuck");

        private final String word;

        Name(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /** One case: what disagrees with what, since when. */
    public record Found(Instant since, String what) {}

    /** All cases of one name. */
    public record Counted(Name name, int count, String example) {}

    public void put(Name name, String subject, String what, Instant now) {
        found.computeIfAbsent(name, none -> new TreeMap<>())
                .merge(subject, new Found(now, what), (before, next) -> new Found(before.since(), next.what()));
    }

    public void clear(Name name, String subject) {
        SortedMap<String, Found> cases = found.get(name);
        if (cases != null) {
            cases.remove(subject);
        }
    }

    public void clear(Name name) {
        found.remove(name);
    }

    /** Keeps only those whose subject begins otherwise, or is among these. */
    public void retain(Name name, String beginning, Collection<String> subjects) {
        SortedMap<String, Found> cases = found.get(name);
        if (cases != null) {
            cases.keySet().removeIf(subject -> subject.startsWith(beginning) && !subjects.contains(subject));
        }
    }

    public Optional<Found> find(Name name, String subject) {
        return Optional.ofNullable(found.get(name)).map(cases -> cases.get(subject));
    }

    /** Every name that has a case, with the oldest as the example. */
    public List<Counted> counted() {
        return Arrays.stream(Name.values())
                .filter(name -> found.containsKey(name) && !found.get(name).isEmpty())
                .map(name -> new Counted(name, found.get(name).size(), example(found.get(name))))
                .toList();
    }

    public int count(Name name) {
        SortedMap<String, Found> cases = found.get(name);
        return cases == null ? 0 : cases.size();
    }

    private static String example(SortedMap<String, Found> cases) {
        return cases.values().stream()
                .min(Comparator.comparing(Found::since))
                .map(Found::what)
                .orElseThrow();
    }
}
