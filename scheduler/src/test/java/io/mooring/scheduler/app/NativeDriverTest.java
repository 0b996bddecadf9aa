package io.mooring.scheduler.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From {@code mesos.driver: native} to the bindings' {@code V1Mesos}. That class is replaced, in a process of its own: the
 * real one does nothing without libmesos, which is mostly not there.
 */
class NativeDriverTest {
    private static final Path SOURCES = Path.of("src/test/resources/native");

    @TempDir
    Path directory;

    @Test
    void makesTheBindingsClassWithMastersAndCredentialAndSubscribesThroughIt() throws Exception {
        compile("org/apache/mesos", "MesosNativeLibrary");
        compile("org/apache/mesos/v1/scheduler", "V1Mesos");
        Path credential = Files.createFile(
                directory.resolve("credential"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(credential, "me word");

        String said = run(
                "{driver: native, masters: 'zk://user:pass@h1:2181,h2:2181/mesos', credential: " + credential + "}");

        assertThat(said)
                .containsSubsequence(
                        "loaded /opt/libmesos.so",
                        "made for zk://user:pass@h1:2181,h2:2181/mesos as me word",
                        "sent SUBSCRIBE",
                        "heard SUBSCRIBED");
    }

    private void compile(String folder, String name) throws Exception {
        Path source = directory.resolve(folder).resolve(name + ".java");
        Files.createDirectories(source.getParent());
        Files.copy(SOURCES.resolve(name + ".java.txt"), source);
        int result = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", classPath(), "-d", directory.toString(), source.toString());
        assertThat(result).as("compiling " + name).isZero();
    }

    /** What is compiled here comes before the bindings. */
    private String classPath() {
        return directory + File.pathSeparator + System.getProperty("java.class.path");
    }

    private String run(String mesos) throws Exception {
        Path said = directory.resolve("said");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dcom.google.protobuf.use_unsafe_pre22_gencode=true",
                        "-cp",
                        classPath(),
                        NativeProbe.class.getName(),
                        mesos))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().put("MESOS_NATIVE_JAVA_LIBRARY", "/opt/libmesos.so");
        Process process = builder.start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).as(Files.readString(said)).isTrue();
        return Files.readString(said);
    }
}
