package io.mooring.scheduler.effect;

import io.mooring.common.command.SchedulerMessage;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.OfferId;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.definition.ReadinessCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One thing to do outside once the decision behind it is durable. */
public sealed interface Effect {
    /** Launch these tasks with these offers, all of one agent; what is left over is not wanted for a while. */
    record AcceptOffers(AgentId agent, List<OfferId> offers, List<Launch> launches, Duration refuse) implements Effect {
        public AcceptOffers {
            offers = List.copyOf(offers);
            launches = List.copyOf(launches);
        }
    }

    record DeclineOffers(List<OfferId> offers, Duration refuse) implements Effect {
        public DeclineOffers {
            offers = List.copyOf(offers);
        }
    }

    /** Ask for offers again, whatever was refused before. */
    record Revive() implements Effect {}

    /** Ask for no offers until further notice. */
    record Suppress() implements Effect {}

    /**
     * Tell Mesos whether an agent may be taken down when it is planned to be.
     *
     * @param refuse until it is asked again
     */
    record AnswerInverseOffer(OfferId offer, Answer answer, Duration refuse) implements Effect {
        /** What is said. */
        public enum Answer {
            ACCEPT,
            DECLINE
        }
    }

    /** Ask for offers of these agents only; of all agents if the list is empty. What was refused before stays so. */
    record WishOffers(List<OfferWish> wishes) implements Effect {
        public WishOffers {
            wishes = List.copyOf(wishes);
        }
    }

    /**
     * Tell a task to end.
     *
     * @param grace from SIGTERM to SIGKILL; empty for the task's own
     */
    record KillTask(TaskId task, AgentId agent, Optional<Duration> grace) implements Effect {}

    /** Tell Mesos that an update is durable here. */
    record Acknowledge(TaskId task, AgentId agent, List<Byte> uuid) implements Effect {
        public Acknowledge {
            uuid = List.copyOf(uuid);
        }
    }

    record SendMessage(TaskId task, AgentId agent, SchedulerMessage message) implements Effect {}

    /** Ask Mesos what it knows of these tasks; of all its tasks if the list is empty. */
    record Reconcile(List<KnownTask> tasks) implements Effect {
        public Reconcile {
            tasks = List.copyOf(tasks);
        }
    }

    record KnownTask(TaskId task, AgentId agent) {}

    /** Ask a task whether it is ready; what it answers, or that it does not, comes back as an event. */
    record AskReadiness(TaskId task, String host, int port, ReadinessCheck check) implements Effect {}

    record StartTimer(Timer timer, Instant at) implements Effect {}

    /** Tell those who listen to events. */
    record Publish(Notice notice) implements Effect {}
}
