package io.mooring.executor.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A mount namespace for one workload, slave of the agent's: what is unmounted there is unmounted here, and nothing that
 * is mounted here is seen there. It lives as long as its holder, a {@code cat} whose input is a pipe from this process:
 * when this process dies, however it dies, the pipe closes and the namespace goes.
 *
 * <p>Nothing is noted in {@code /run/mount/utab} ({@code -n}): it belongs to the agent's namespace, and only root may
 * write it.
 */
final class MountNamespace implements AutoCloseable {
    /** More entries beside a missing path than anyone needs would cost a mount each. */
    private static final int MOST_SIBLINGS = 1000;

    /**
     * Where the new file system is put together before it is moved. It exists everywhere, nothing there is ever covered,
     * and it is no direct child of a directory that may be, so it is never in its own way.
     */
    private static final Path STAGE = Path.of("/proc/sys");

    private final Privilege privilege;
    private final Commands commands;
    private final Process holder;

    private MountNamespace(Privilege privilege, Commands commands, Process holder) {
        this.privilege = privilege;
        this.commands = commands;
        this.holder = holder;
    }

    static MountNamespace open(Privilege privilege, Commands commands) throws IOException {
        List<String> argv = new ArrayList<>(List.of("unshare"));
        if (privilege == Privilege.USER_NAMESPACE) {
            argv.addAll(List.of("--user", "--map-root-user"));
        }
        argv.addAll(List.of("--mount", "--propagation", "slave", "cat"));
        ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", Commands.SYSTEM_PATH);
        builder.environment().put("LC_ALL", "C");
        Process holder = builder.start();
        MountNamespace namespace = new MountNamespace(privilege, commands, holder);
        try {
            namespace.awaitHolder();
            return namespace;
        } catch (IOException e) {
            namespace.close();
            throw e;
        }
    }

    /** What comes back from {@code cat} has passed {@code unshare}, so the namespace is there. */
    private void awaitHolder() throws IOException {
        holder.getOutputStream().write('.');
        holder.getOutputStream().flush();
        byte[] answer = holder.getInputStream().readNBytes(1);
        if (answer.length != 1 || answer[0] != '.') {
            byte[] more = holder.getInputStream().readNBytes(1000);
            String text = new String(answer, StandardCharsets.UTF_8) + new String(more, StandardCharsets.UTF_8);
            throw new IOException("a mount namespace cannot be made: " + text.strip());
        }
    }

    /** The arguments that run a program in this namespace. */
    List<String> inside(List<String> argv) {
        List<String> all = new ArrayList<>(List.of("nsenter", "--target", Long.toString(holder.pid())));
        if (privilege == Privilege.USER_NAMESPACE) {
            all.addAll(List.of("--user", "--preserve-credentials"));
        }
        all.addAll(List.of("--mount", "--"));
        all.addAll(argv);
        return all;
    }

    /** Makes what one path has on the agent visible at another one. */
    void bind(Path source, Path target) throws IOException {
        run("mount", "-n", "--bind", source.toString(), target.toString());
    }

    void makeReadOnly(Path target) throws IOException {
        run("mount", "-n", "-o", "remount,bind,ro", target.toString());
    }

    /**
     * Makes directories below an existing one that only this namespace has: a memory file system covers it, in which
     * everything that was there is bound back, and the missing directories are new. What the task itself makes right
     * beside them is in memory, too, and counts as the task's.
     *
     * @param covered the directory that is covered; may be {@code /}
     * @param missing what is made below it
     */
    void makeBelow(Path covered, List<Path> missing) throws IOException {
        List<Path> siblings = list(covered);
        if (siblings.size() > MOST_SIBLINGS) {
            throw new IOException("a directory in " + covered + " cannot be made for this task alone: there are "
                    + siblings.size() + " others beside it, at most " + MOST_SIBLINGS + " are bound back");
        }
        int mode = (Integer) Files.getAttribute(covered, "unix:mode") & 07777;
        run("mount", "-n", "-t", "tmpfs", "-o", "mode=" + Integer.toOctalString(mode), "mooring", STAGE.toString());
        // Else the stage would be bound into itself where it lies below the covered directory.
        run("mount", "-n", "--make-unbindable", STAGE.toString());
        bindBack(siblings);
        List<String> make = new ArrayList<>(List.of("mkdir", "-p", "-m", "755"));
        missing.forEach(path -> make.add(STAGE.resolve(covered.relativize(path)).toString()));
        run(make);
        run("mount", "-n", "--move", STAGE.toString(), covered.toString());
    }

    private void bindBack(List<Path> siblings) throws IOException {
        List<String> directories = new ArrayList<>(List.of("mkdir"));
        List<String> files = new ArrayList<>(List.of("touch"));
        for (Path sibling : siblings) {
            String copy = STAGE.resolve(sibling.getFileName()).toString();
            if (Files.isSymbolicLink(sibling)) {
                run("ln", "-s", "--", Files.readSymbolicLink(sibling).toString(), copy);
            } else if (Files.isDirectory(sibling, LinkOption.NOFOLLOW_LINKS)) {
                directories.add(copy);
            } else {
                files.add(copy);
            }
        }
        if (directories.size() > 1) {
            run(directories);
        }
        if (files.size() > 1) {
            run(files);
        }
        bindAll(siblings.stream()
                .filter(sibling -> !Files.isSymbolicLink(sibling))
                .toList());
    }

    /** One process for all of them, by a table of mounts: a directory such as /var/lib has dozens of entries. */
    private void bindAll(List<Path> siblings) throws IOException {
        if (siblings.isEmpty()) {
            return;
        }
        StringBuilder table = new StringBuilder();
        for (Path sibling : siblings) {
            table.append(escaped(sibling))
                    .append(' ')
                    .append(escaped(STAGE.resolve(sibling.getFileName())))
                    .append(" none rbind 0 0\n");
        }
        Path file = Files.createTempFile("mooring-", ".fstab");
        try {
            Files.writeString(file, table);
            run("mount", "-n", "--all", "--fstab", file.toString());
        } finally {
            Files.delete(file);
        }
    }

    /** A path as fstab(5) writes it. */
    private static String escaped(Path path) {
        return path.toString()
                .replace("\\", "\\134")
                .replace(" ", "\\040")
                .replace("\t", "\\011")
                .replace("\n", "\\012");
    }

    private static List<Path> list(Path directory) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(entries::add);
        }
        return entries;
    }

    private void run(String... argv) throws IOException {
        run(List.of(argv));
    }

    private void run(List<String> argv) throws IOException {
        Commands.Result result = commands.run(inside(argv));
        if (result.status() != 0) {
            throw new IOException(String.join(" ", argv) + ": " + result.output());
        }
    }

    @Override
    public void close() {
        try {
            holder.getOutputStream().close();
            if (!holder.waitFor(5, TimeUnit.SECONDS)) {
                holder.destroyForcibly().waitFor();
            }
        } catch (IOException e) {
            holder.destroyForcibly();
        } catch (InterruptedException e) {
            holder.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
