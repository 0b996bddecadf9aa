package io.mooring.local.legacy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.local.resource.ResourceText;
import io.mooring.local.resource.Resources;
import java.util.List;
import org.apache.mesos.v1.Protos.Attribute;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;

/** Sums of resources as the endpoints without a version write them: numbers by name, ranges and sets as text. */
public final class LegacyResources {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LegacyResources() {}

    /** The four that are always there, and all others that there are. */
    public static ObjectNode of(Resources resources) {
        ObjectNode sums = JSON.createObjectNode();
        for (String name : List.of("disk", "mem", "gpus", "cpus")) {
            sums.put(name, resources.scalar(name));
        }
        resources.scalars().forEach(sums::put);
        for (Resource each : resources.quantities().inOrder()) {
            if (each.getType() != Value.Type.SCALAR) {
                String text = ResourceText.of(each);
                sums.put(each.getName(), text.substring(text.indexOf(':') + 1));
            }
        }
        return sums;
    }

    /** Numbers only: of ranges, how many values are in them. */
    public static ObjectNode quantities(Resources resources) {
        ObjectNode sums = JSON.createObjectNode();
        resources.scalars().forEach(sums::put);
        for (Resource each : resources.quantities().inOrder()) {
            if (each.getType() == Value.Type.RANGES) {
                long size = each.getRanges().getRangeList().stream()
                        .mapToLong(range -> range.getEnd() - range.getBegin() + 1)
                        .sum();
                sums.put(each.getName(), (double) size);
            }
        }
        return sums;
    }

    public static void attribute(ObjectNode to, Attribute attribute) {
        switch (attribute.getType()) {
            case SCALAR -> to.put(attribute.getName(), attribute.getScalar().getValue());
            case TEXT -> to.put(attribute.getName(), attribute.getText().getValue());
            case RANGES, SET -> {
                String text = ResourceText.of(Resource.newBuilder()
                        .setName(attribute.getName())
                        .setType(attribute.getType())
                        .setRanges(attribute.getRanges())
                        .build());
                to.put(attribute.getName(), text.substring(text.indexOf(':') + 1));
            }
        }
    }
}
