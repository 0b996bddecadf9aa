package io.mooring.plugin;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

@AnalyzeClasses(packages = "io.mooring.plugin", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule DECISIONS_ARE_PURE = classes()
            .that()
            .resideInAPackage("..plugin.volume..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java.lang..", "java.time..", "java.util..", "io.mooring.common..", "io.mooring.plugin.volume..")
            .because("who may have a volume and what may be formatted is decided from values alone");

    @ArchTest
    static final ArchRule DECISIONS_READ_NO_CLOCK = noClasses()
            .that()
            .resideInAPackage("..plugin.volume..")
            .should()
            .callMethod(Instant.class, "now")
            .because("time is an argument");

    @ArchTest
    static final ArchRule JETTY_STAYS_AT_THE_DOOR = noClasses()
            .that()
            .resideOutsideOfPackage("..plugin.docker..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.eclipse.jetty..")
            .because("only the HTTP service knows HTTP");

    @ArchTest
    static final ArchRule JSON_STAYS_IN_CODECS = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "..plugin.docker..", "..plugin.admin..", "..plugin.pool..", "..plugin.backend.scaleio..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml..")
            .because("JSON is translated to values at once");

    @ArchTest
    static final ArchRule PROGRAMS_ARE_RUN_BY_BACKENDS = noClasses()
            .that()
            .resideOutsideOfPackages("..plugin.backend..", "..plugin.process..", "..plugin.app..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..plugin.process..")
            .because("everything else must not care how a volume is attached");

    @ArchTest
    static final ArchRule BACKENDS_KNOW_NO_CALLERS = noClasses()
            .that()
            .resideInAPackage("..plugin.backend..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..plugin.docker..", "..plugin.admin..", "..plugin.service..", "..plugin.app..")
            .because("a new driver needs nothing but the interface and the pool");

    @ArchTest
    static final ArchRule ROOMS_HAVE_NO_CYCLES =
            slices().matching("io.mooring.plugin.(*)..").should().beFreeOfCycles();
}
