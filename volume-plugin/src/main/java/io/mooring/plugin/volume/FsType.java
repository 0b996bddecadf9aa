package io.mooring.plugin.volume;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The file systems that a volume may be given, with what mkfs needs to make them. */
public enum FsType {
    EXT4("e2fsprogs", 1),
    /** mkfs.xfs 5.19 and later refuses less than 300 MiB. */
    XFS("xfsprogs", 300),
    /** mkfs.btrfs refuses less than about 109 MiB. */
    BTRFS("btrfs-progs", 110);

    private static final long MIB = 1L << 20;

    private final String debianPackage;
    private final long minimumMib;

    FsType(String debianPackage, long minimumMib) {
        this.debianPackage = debianPackage;
        this.minimumMib = minimumMib;
    }

    /** The type of this name in any case, or empty. */
    public static Optional<FsType> named(String name) {
        return Arrays.stream(values())
                .filter(type -> type.label().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** All names, for a refusal that says what would be right. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(FsType::label).toList();
    }

    /** The name as the kernel and blkid write it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The program that makes it. */
    public String mkfs() {
        return "mkfs." + label();
    }

    /** The Debian package that has the program. */
    public String debianPackage() {
        return debianPackage;
    }

    /** Smallest device in MiB that the program accepts. */
    public long minimumMib() {
        return minimumMib;
    }

    /** True when a device of this many bytes is large enough. */
    public boolean fits(long bytes) {
        return bytes >= minimumMib * MIB;
    }
}
