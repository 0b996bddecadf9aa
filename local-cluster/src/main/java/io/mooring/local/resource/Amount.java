package io.mooring.local.resource;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;

/** How much of one kind: thousandths, a list of disjoint sorted ranges, or a set of names. */
sealed interface Amount {
    Amount plus(Amount more);

    Amount minus(Amount less);

    boolean contains(Amount other);

    boolean isZero();

    double scalar();

    Resource in(Resource kind);

    static Amount of(Resource resource) {
        if (resource.hasRanges()) {
            Amount sum = new Ranges(List.of());
            for (Value.Range range : resource.getRanges().getRangeList()) {
                sum = sum.plus(new Ranges(List.of(new Span(range.getBegin(), range.getEnd()))));
            }
            return sum;
        }
        if (resource.hasSet()) {
            return new Names(new TreeSet<>(resource.getSet().getItemList()));
        }
        return new Scalar(Math.round(resource.getScalar().getValue() * 1000));
    }

    /** A scalar in thousandths. */
    record Scalar(long thousandths) implements Amount {
        @Override
        public Amount plus(Amount more) {
            return new Scalar(thousandths + ((Scalar) more).thousandths);
        }

        @Override
        public Amount minus(Amount less) {
            return new Scalar(Math.max(0, thousandths - ((Scalar) less).thousandths));
        }

        @Override
        public boolean contains(Amount other) {
            return thousandths >= ((Scalar) other).thousandths;
        }

        @Override
        public boolean isZero() {
            return thousandths == 0;
        }

        @Override
        public double scalar() {
            return thousandths / 1000.0;
        }

        @Override
        public Resource in(Resource kind) {
            return kind.toBuilder()
                    .setScalar(Value.Scalar.newBuilder().setValue(scalar()))
                    .build();
        }

        @Override
        public String toString() {
            return BigDecimal.valueOf(thousandths, 3).stripTrailingZeros().toPlainString();
        }
    }

    /** Both ends belong to it. */
    record Span(long begin, long end) {}

    /** Sorted, disjoint, not touching. */
    record Ranges(List<Span> spans) implements Amount {
        public Ranges {
            spans = List.copyOf(spans);
        }

        @Override
        public Amount plus(Amount more) {
            List<Span> all = new ArrayList<>(spans);
            all.addAll(((Ranges) more).spans);
            all.sort(Comparator.comparingLong(Span::begin));
            List<Span> merged = new ArrayList<>();
            for (Span span : all) {
                Span last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
                if (last != null && span.begin <= last.end + 1) {
                    merged.set(merged.size() - 1, new Span(last.begin, Math.max(last.end, span.end)));
                } else {
                    merged.add(span);
                }
            }
            return new Ranges(merged);
        }

        @Override
        public Amount minus(Amount less) {
            List<Span> rest = spans;
            for (Span cut : ((Ranges) less).spans) {
                List<Span> left = new ArrayList<>();
                for (Span span : rest) {
                    long before = Math.min(span.end, cut.begin - 1);
                    long after = Math.max(span.begin, cut.end + 1);
                    if (span.begin <= before) {
                        left.add(new Span(span.begin, before));
                    }
                    if (after <= span.end && after > before) {
                        left.add(new Span(after, span.end));
                    }
                }
                rest = left;
            }
            return new Ranges(rest);
        }

        @Override
        public boolean contains(Amount other) {
            return ((Ranges) other).spans.stream().allMatch(want -> spans.stream()
                    .anyMatch(have -> have.begin <= want.begin && want.end <= have.end));
        }

        @Override
        public boolean isZero() {
            return spans.isEmpty();
        }

        @Override
        public double scalar() {
            return 0;
        }

        @Override
        public Resource in(Resource kind) {
            Value.Ranges.Builder ranges = Value.Ranges.newBuilder();
            spans.forEach(span -> ranges.addRange(
                    Value.Range.newBuilder().setBegin(span.begin).setEnd(span.end)));
            return kind.toBuilder().setRanges(ranges).build();
        }

        @Override
        public String toString() {
            return spans.stream().map(span -> span.begin + "-" + span.end).collect(Collectors.joining(", ", "[", "]"));
        }
    }

    /** A set of items. */
    record Names(TreeSet<String> items) implements Amount {
        public Names {
            items = new TreeSet<>(items);
        }

        @Override
        public Amount plus(Amount more) {
            TreeSet<String> sum = new TreeSet<>(items);
            sum.addAll(((Names) more).items);
            return new Names(sum);
        }

        @Override
        public Amount minus(Amount less) {
            TreeSet<String> rest = new TreeSet<>(items);
            rest.removeAll(((Names) less).items);
            return new Names(rest);
        }

        @Override
        public boolean contains(Amount other) {
            return items.containsAll(((Names) other).items);
        }

        @Override
        public boolean isZero() {
            return items.isEmpty();
        }

        @Override
        public double scalar() {
            return 0;
        }

        @Override
        public Resource in(Resource kind) {
            return kind.toBuilder()
                    .setSet(Value.Set.newBuilder().addAllItem(items))
                    .build();
        }

        @Override
        public String toString() {
            return items.stream().collect(Collectors.joining(", ", "{", "}"));
        }
    }
}
