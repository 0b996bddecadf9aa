package io.mooring.scheduler.app;

import io.mooring.common.mesoshttp.Access;
import io.mooring.common.mesoshttp.Tls;
import io.mooring.scheduler.detection.ListedMasters;
import io.mooring.scheduler.detection.MasterDetector;
import io.mooring.scheduler.detection.Masters;
import io.mooring.scheduler.detection.ZooKeeperMasters;
import io.mooring.scheduler.mesos.Credential;
import io.mooring.scheduler.mesos.FencedScheduler;
import io.mooring.scheduler.mesos.HttpMesos;
import io.mooring.scheduler.mesos.MesosDriver;
import io.mooring.scheduler.mesos.NativeMesos;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** How Mesos is reached, with every file that the configuration names read once, so that mistakes show at the start. */
record MesosConnection(
        Masters masters, Optional<Credential> credential, Optional<Tls> tls, SchedulerConfiguration.DriverKind driver) {

    MesosConnection {
        if (driver == SchedulerConfiguration.DriverKind.NATIVE
                && masters instanceof Masters.Listed listed
                && listed.addresses().size() > 1) {
            throw new IllegalArgumentException(
                    "mesos.driver is 'native', and libmesos takes one master or zk://..., not "
                            + listed.addresses().size() + " masters");
        }
    }

    static MesosConnection read(SchedulerConfiguration.Mesos mesos) throws IOException {
        Optional<Tls> tls = mesos.tls() == null
                ? Optional.empty()
                : Optional.of(Tls.read(mesos.tls().files()));
        Optional<Credential> credential = mesos.credential() == null
                ? Optional.empty()
                : Optional.of(CredentialFile.read(Path.of(mesos.credential())));
        Masters masters = Masters.read(mesos.masters(), tls.isPresent() ? Masters.Scheme.HTTPS : Masters.Scheme.HTTP);
        return new MesosConnection(masters, credential, tls, mesos.driver());
    }

    /** Who the framework is to the masters: the one that authenticates. */
    Optional<String> principal(String configured) {
        Optional<String> authenticated = credential.map(Credential::principal);
        if (configured != null
                && authenticated.isPresent()
                && !authenticated.get().equals(configured)) {
            throw new IllegalArgumentException(
                    "framework.principal is '" + configured + "', and the file mesos.credential"
                            + " holds the secret of '" + authenticated.get() + "'; Mesos wants them to be the same");
        }
        return authenticated.or(() -> Optional.ofNullable(configured));
    }

    MesosDriver driver(FencedScheduler scheduler) {
        return switch (driver) {
            case HTTP -> new HttpMesos(detector(), access(), scheduler, RandomGenerator.getDefault());
            case NATIVE -> new NativeMesos(nativeForm(), credential, scheduler);
        };
    }

    Access access() {
        return Credential.access(credential, tls);
    }

    /** The root of the master at {@code host:port}, for questions beside the subscription. */
    URI root(String address) {
        return URI.create((overTls() ? "https://" : "http://") + address);
    }

    private boolean overTls() {
        if (masters instanceof Masters.Listed listed) {
            return listed.addresses().stream().anyMatch(one -> one.getScheme().equals("https"));
        }
        return ((Masters.InZooKeeper) masters).scheme() == Masters.Scheme.HTTPS;
    }

    private MasterDetector detector() {
        return masters instanceof Masters.Listed listed
                ? new ListedMasters(listed)
                : new ZooKeeperMasters((Masters.InZooKeeper) masters);
    }

    private String nativeForm() {
        if (masters instanceof Masters.Listed listed) {
            return listed.addresses().get(0).getAuthority();
        }
        Masters.InZooKeeper detected = (Masters.InZooKeeper) masters;
        return "zk://" + detected.login().map(login -> login + "@").orElse("") + detected.connect() + detected.path();
    }
}
