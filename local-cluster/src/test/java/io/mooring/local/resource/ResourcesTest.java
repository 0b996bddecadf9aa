package io.mooring.local.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ResourcesTest {
    private static Resources of(String text) {
        return Resources.of(FlagSyntax.resources(text));
    }

    @Test
    void addsAndTakesAwayEveryKind() {
        Resources all = of("cpus:4;ports:[31000-31999];disks:{a,b}");
        Resources part = of("cpus:0.1;ports:[31000-31000,31500-31501];disks:{b}");

        Resources rest = all.minus(part);

        assertThat(rest).hasToString("cpus:3.9; ports:[31001-31499, 31502-31999]; disks:{a}");
        assertThat(rest.plus(part)).isEqualTo(all);
    }

    @Test
    void containsOnlyWhatFitsInOneRange() {
        Resources all = of("ports:[10-12,14-16]");

        assertThat(all.contains(of("ports:[14-16]"))).isTrue();
        assertThat(all.contains(of("ports:[12-14]"))).isFalse();
    }

    @Test
    void doesNotLoseThousandthsInSums() {
        Resources sum = Resources.none();
        for (int i = 0; i < 10; i++) {
            sum = sum.plus(of("cpus:0.1"));
        }
        assertThat(sum).isEqualTo(of("cpus:1"));
    }

    @Test
    void keepsAllocationsApart() {
        Resources mine = of("cpus:1").allocatedTo("a");

        assertThat(mine.contains(of("cpus:1").allocatedTo("b"))).isFalse();
        assertThat(mine.unallocated()).isEqualTo(of("cpus:1"));
        assertThat(mine).hasToString("cpus(allocated: a):1");
    }

    @Test
    void treatsTheOldStarRoleAsNone() {
        assertThat(of("cpus(*):2")).isEqualTo(of("cpus:2"));
    }

    @Test
    void offersWhatIsNoScalarFirst() {
        assertThat(of("cpus:4;mem:5;ports:[1-2]").toList())
                .extracting(org.apache.mesos.v1.Protos.Resource::getName)
                .containsExactly("ports", "cpus", "mem");
    }

    @Test
    void saysWhichItemOfTheFlagIsWrong() {
        assertThatThrownBy(() -> of("cpus:4;mem")).hasMessage("bad resource 'mem': expected name:value");
        assertThatThrownBy(() -> of("cpus:many"))
                .hasMessage("bad resource 'cpus:many': expected a number, [begin-end] or {item, item}");
    }

    @Test
    void readsAttributesAsNumbersRangesOrText() {
        assertThat(FlagSyntax.attributes("zone:zone-1;level:10;keys:[1-2]"))
                .extracting(attribute -> attribute.getType().name())
                .containsExactly("TEXT", "SCALAR", "RANGES");
    }
}
