package io.mooring.plugin.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.plugin.volume.FormatGuard.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FormatGuardTest {
    private static final Probe BLANK = new Probe.Blank();
    private static final Probe UNKNOWN = new Probe.UnknownContent();
    private static final Probe XFS = new Probe.FileSystem(FsType.XFS);
    private static final Probe LUKS = new Probe.Signature("crypto_LUKS");

    @Test
    void formatsBlankDeviceThatWasNeverFormatted() {
        assertThat(decide(FormatPhase.NEVER, BLANK)).isEqualTo(new Verdict.Format());
    }

    @Test
    void formatsWhateverAnOperatorHasGivenUp() {
        for (Probe probe : new Probe[] {BLANK, UNKNOWN, XFS, LUKS}) {
            assertThat(decide(FormatPhase.WIPED, probe)).isEqualTo(new Verdict.Format());
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WIPED")
    void neverFormatsWhatCarriesAForeignSignature(FormatPhase phase) {
        assertThat(decide(phase, LUKS)).isInstanceOf(Verdict.Refuse.class);
    }

    @Test
    void neverFormatsNewDeviceThatIsNotBlank() {
        assertThat(decide(FormatPhase.NEVER, UNKNOWN)).isInstanceOf(Verdict.Refuse.class);
    }

    @Test
    void neverFormatsAgainWhatWasFormattedOnce() {
        assertThat(decide(FormatPhase.DONE, BLANK)).isInstanceOf(Verdict.Refuse.class);
        assertThat(decide(FormatPhase.DONE, UNKNOWN)).isInstanceOf(Verdict.Refuse.class);
    }

    @Test
    void keepsFileSystemThatIsThere() {
        assertThat(decide(FormatPhase.DONE, XFS)).isEqualTo(new Verdict.Keep(FsType.XFS));
        assertThat(decide(FormatPhase.NEVER, XFS)).isEqualTo(new Verdict.Keep(FsType.XFS));
        assertThat(FormatGuard.decide(FormatPhase.DONE, FsType.EXT4, XFS)).isEqualTo(new Verdict.Keep(FsType.XFS));
    }

    @Test
    void formatsAgainWhatAnInterruptedMkfsLeft() {
        assertThat(decide(FormatPhase.BEGUN, BLANK)).isEqualTo(new Verdict.Format());
        assertThat(decide(FormatPhase.BEGUN, UNKNOWN)).isEqualTo(new Verdict.Format());
        assertThat(decide(FormatPhase.BEGUN, XFS)).isEqualTo(new Verdict.Format());
    }

    @Test
    void keepsAnotherFileSystemThatAppearedAfterAnInterruptedMkfs() {
        assertThat(FormatGuard.decide(FormatPhase.BEGUN, FsType.EXT4, XFS)).isEqualTo(new Verdict.Keep(FsType.XFS));
    }

    private static Verdict decide(FormatPhase phase, Probe probe) {
        return FormatGuard.decide(phase, FsType.XFS, probe);
    }
}
