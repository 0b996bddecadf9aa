package io.mooring.common.volume;

import java.util.Optional;

/**
 * Who a mounted volume's root directory is to belong to, and what others may do there; what is not said stays as it is.
 * Only the root is changed, never what lies in it.
 *
 * @param uid numeric user id on the agent, and in a container
 * @param gid numeric group id
 * @param mode permission bits, as {@code chmod} takes them
 */
public record RootAccess(Optional<Integer> uid, Optional<Integer> gid, Optional<Integer> mode) {
    /** The root stays as the volume has it. */
    public static final RootAccess AS_IT_IS = new RootAccess(Optional.empty(), Optional.empty(), Optional.empty());

    private static final int MOST_MODE = 07777;

    public RootAccess {
        within("uid", uid, Integer.MAX_VALUE);
        within("gid", gid, Integer.MAX_VALUE);
        within("mode", mode, MOST_MODE);
    }

    /** Whether anything is to be changed. */
    public boolean said() {
        return uid.isPresent() || gid.isPresent() || mode.isPresent();
    }

    /**
     * A user or group id as a person writes it.
     *
     * @throws IllegalArgumentException if it is none; says what would be
     */
    public static int id(String written) {
        if (!written.matches("[0-9]{1,10}") || Long.parseLong(written) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("is '" + written + "', and not a number from 0 to " + Integer.MAX_VALUE);
        }
        return Integer.parseInt(written);
    }

    /**
     * Permission bits as a person writes them, in octal.
     *
     * @throws IllegalArgumentException if they are none; says what would be
     */
    public static int mode(String written) {
        if (!written.matches("0?[0-7]{3,4}")) {
            throw new IllegalArgumentException("is '" + written + "', and not three or four octal digits such as 0770");
        }
        return Integer.parseInt(written, 8);
    }

    private static void within(String what, Optional<Integer> value, int most) {
        if (value.isPresent() && (value.get() < 0 || value.get() > most)) {
            throw new IllegalArgumentException(what + " is " + value.get() + ", and not from 0 to " + most);
        }
    }
}
