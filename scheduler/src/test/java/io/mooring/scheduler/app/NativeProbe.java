package io.mooring.scheduler.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.mooring.scheduler.mesos.FencedScheduler;
import java.io.IOException;
import org.apache.mesos.v1.scheduler.Mesos;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.apache.mesos.v1.scheduler.Scheduler;

/** Reaches Mesos as a configuration says, subscribes, tells what it heard and ends. */
final class NativeProbe {
    private NativeProbe() {}

    // The argument is the section mesos of a configuration, as YAML.
    public static void main(String[] args) throws IOException {
        SchedulerConfiguration.Mesos configured =
                new ObjectMapper(new YAMLFactory()).readValue(args[0], SchedulerConfiguration.Mesos.class);
        Scheduler scheduler = new Scheduler() {
            @Override
            public void connected(Mesos mesos) {
                mesos.send(Call.newBuilder().setType(Call.Type.SUBSCRIBE).build());
            }

            @Override
            public void disconnected(Mesos mesos) {}

            @Override
            public void received(Mesos mesos, Event event) {
                System.out.println("heard " + event.getType());
                System.exit(0);
            }
        };
        MesosConnection.read(configured)
                .driver(new FencedScheduler(scheduler, () -> true))
                .start();
    }
}
