package io.mooring.scheduler.task;

/** A task state as Mesos reports it to a partition-aware framework, with what it means. */
public enum Report {
    STAGING(Meaning.ALIVE),
    STARTING(Meaning.ALIVE),
    RUNNING(Meaning.ALIVE),
    KILLING(Meaning.ALIVE),
    FINISHED(Meaning.ENDED),
    FAILED(Meaning.ENDED),
    KILLED(Meaning.ENDED),
    ERROR(Meaning.ENDED),
    DROPPED(Meaning.ENDED),
    GONE(Meaning.ENDED),
    GONE_BY_OPERATOR(Meaning.NO_CONTACT),
    UNREACHABLE(Meaning.NO_CONTACT),
    UNKNOWN(Meaning.NO_CONTACT),
    LOST(Meaning.NO_CONTACT);

    /** What a report says about the task. About its volumes only a release record says anything. */
    public enum Meaning {
        ALIVE,
        ENDED,
        NO_CONTACT
    }

    private final Meaning meaning;

    Report(Meaning meaning) {
        this.meaning = meaning;
    }

    public Meaning meaning() {
        return meaning;
    }
}
