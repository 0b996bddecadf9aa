package io.mooring.plugin.service;

import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.backend.Backend;
import io.mooring.plugin.backend.MountKind;
import io.mooring.plugin.lane.Lanes;
import io.mooring.plugin.pool.Pool;
import io.mooring.plugin.volume.FormatPhase;
import io.mooring.plugin.volume.Target;
import io.mooring.plugin.volume.VolumeException;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives up what is on a volume, on an operator's word: the only way to have a device formatted that carries anything. A token
 * is asked for first, so that one word in the wrong place destroys nothing; it is good for one volume, once, and not for long.
 */
public final class Wiping {
    private static final Logger LOG = LoggerFactory.getLogger(Wiping.class);
    private static final Duration LIFETIME = Duration.ofMinutes(10);
    private static final int SECRET_BYTES = 8;

    private final Pool pool;
    private final Backend backend;
    private final Lanes lanes;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Token> tokens = new TreeMap<>();

    public Wiping(Pool pool, Backend backend, Lanes lanes, InstantSource clock) {
        this.pool = pool;
        this.backend = backend;
        this.lanes = lanes;
        this.clock = clock;
    }

    /**
     * The right to wipe one volume once.
     *
     * @param volume as it was when the token was asked for
     */
    public record Token(String secret, Instant until, VolumeRecord volume) {}

    /**
     * A new token; one that was given out before for the volume is worth nothing any more.
     *
     * @throws VolumeException when there is no such volume, or nothing that could be wiped
     */
    public synchronized Token token(VolumeName name) throws VolumeException, IOException {
        if (backend.mountKind() == MountKind.DIRECTORY) {
            throw new VolumeException("a volume of driver " + backend.driver()
                    + " is a directory, which is never formatted; remove the volume and create it again");
        }
        VolumeRecord volume = pool.require(name);
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        Instant now = clock.instant();
        tokens.values().removeIf(token -> token.until().isBefore(now));
        Token token =
                new Token(HexFormat.of().formatHex(secret), now.plus(LIFETIME).truncatedTo(ChronoUnit.MILLIS), volume);
        tokens.put(name.key(), token);
        return token;
    }

    /**
     * Gives up what is on the volume: its next mount formats it.
     *
     * @throws VolumeException when the token is not the volume's, somebody has the volume, or it is not the one any more that the
     *     token was for
     */
    public void wipe(VolumeName name, String secret) throws VolumeException, IOException {
        Token token = redeem(name, secret);
        lanes.run(name, "Wipe", () -> {
            VolumeRecord volume = pool.require(name);
            if (!volume.equals(token.volume())) {
                throw new VolumeException("volume " + name + " has changed since the token was given; ask for another");
            }
            backend.requireUnheld(Target.of(volume, pool.ownership(name)));
            pool.saveUnheld(volume.formatted(FormatPhase.WIPED, volume.fsType()), () -> {});
            LOG.atWarn()
                    .addKeyValue("volume", name)
                    .log("What is on the volume was given up; its next mount formats it");
            return volume;
        });
    }

    private synchronized Token redeem(VolumeName name, String secret) throws VolumeException {
        Token token = tokens.get(name.key());
        if (token == null || !token.secret().equals(secret) || token.until().isBefore(clock.instant())) {
            throw new VolumeException("the token is not one for volume " + name
                    + ", or its time is over; ask for another with Mooring.WipeToken. Nothing was wiped");
        }
        tokens.remove(name.key());
        return token;
    }
}
