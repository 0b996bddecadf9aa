package io.mooring.executor.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ClaimAnswer;
import io.mooring.common.command.SchedulerMessage.Deny;
import io.mooring.common.command.SchedulerMessage.Go;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.TaskId;
import io.mooring.executor.run.Tenure.Reply;
import io.mooring.executor.run.Tenure.Wish;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TenureTest {
    private final Tenure tenure = new Tenure(new TaskId("t"), answer(3, ClaimAnswer.Goal.RUN));

    private static ClaimAnswer answer(long epoch, ClaimAnswer.Goal goal) {
        return new ClaimAnswer(
                new ClaimId("c"),
                epoch,
                ClaimAnswer.State.ACTIVE,
                goal,
                List.of(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5));
    }

    @Test
    void anActivationIsAGoOfTheLeaderThatAnswered() {
        assertThat(tenure.activated(new Reply.Done(answer(4, ClaimAnswer.Goal.RUN))))
                .get()
                .isInstanceOfSatisfying(Go.class, go -> assertThat(go.epoch()).isEqualTo(4));
    }

    @Test
    void aRefusedActivationIsADenial() {
        assertThat(tenure.activated(new Reply.Refused("gone"))).get().isInstanceOf(Deny.class);
        assertThat(tenure.activated(new Reply.NotKnown("never heard"))).get().isInstanceOf(Deny.class);
    }

    @Test
    void anActivationWithoutAnAnswerIsNeither() {
        assertThat(tenure.activated(new Reply.Unknown("timeout"))).isEmpty();
    }

    @Test
    void silenceEndsNoWorkloadAndWhoeverDoesNotKnowItsClaimsDoes() {
        assertThat(tenure.beaten(new Reply.Done(answer(3, ClaimAnswer.Goal.RUN))))
                .isEqualTo(Wish.GO_ON);
        assertThat(tenure.beaten(new Reply.Done(answer(3, ClaimAnswer.Goal.STOP))))
                .isEqualTo(Wish.STOP);
        assertThat(tenure.beaten(new Reply.Unknown("timeout"))).isEqualTo(Wish.GO_ON);
        assertThat(tenure.beaten(new Reply.NotKnown("restored"))).isEqualTo(Wish.END_AT_ONCE);
        assertThat(tenure.beaten(new Reply.Refused("taken over"))).isEqualTo(Wish.END_AT_ONCE);
    }
}
