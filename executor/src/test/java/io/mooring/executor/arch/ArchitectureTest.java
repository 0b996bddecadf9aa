package io.mooring.executor.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

@AnalyzeClasses(packages = "io.mooring.executor", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.mooring.executor.";

    @ArchTest
    static final ArchRule PURE_ROOMS_KNOW_ONLY_VALUES = ArchRuleDefinition.classes()
            .that()
            .resideInAnyPackage(ROOT + "mount", ROOT + "run")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java.lang",
                    "java.lang.runtime",
                    "java.time",
                    "java.util",
                    "java.util.function",
                    "java.util.stream",
                    "io.mooring.common.ids",
                    "io.mooring.common.volume",
                    "io.mooring.common.command",
                    ROOT + "mount",
                    ROOT + "run")
            .because("decisions are tested without a clock, a thread or a disk");

    @ArchTest
    static final ArchRule PURE_ROOMS_HAVE_NO_CLOCK = noClasses()
            .that()
            .resideInAnyPackage(ROOT + "mount", ROOT + "run")
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class)
            .because("time and chance are arguments");

    @ArchTest
    static final ArchRule ENGINE_KNOWS_NO_SHELL = noClasses()
            .that()
            .resideInAPackage(ROOT + "engine")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    ROOT + "mesos",
                    ROOT + "plugin",
                    ROOT + "process",
                    ROOT + "mounttable",
                    ROOT + "journal",
                    ROOT + "docker",
                    ROOT + "claims",
                    ROOT + "app",
                    "org.apache..",
                    "com.github..",
                    "com.google..",
                    "com.fasterxml..")
            .because("the engine speaks to its ports only");

    @ArchTest
    static final ArchRule MESOS_STAYS_AT_THE_DOOR = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "mesos")
            .and()
            .doNotHaveSimpleName("ClassArchiveRun")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.mesos..", "com.google.protobuf..")
            .because("protobuf is translated in the shell; the class archive's run plays the agent");

    @ArchTest
    static final ArchRule ENGINE_CLIENT_STAYS_AT_THE_DOOR = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "docker")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.github.dockerjava..")
            .because("its classes are loaded for containers only: most executors never need their memory");

    @ArchTest
    static final ArchRule SHELLS_DO_NOT_KNOW_EACH_OTHER = slices().matching(
                    ROOT + "(mesos|plugin|process|docker|mounttable|journal|claims)..")
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule NOBODY_DEPENDS_ON_APP = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "app")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + "app");

    @ArchTest
    static final ArchRule NO_CYCLES = slices().matching(ROOT + "(*)..").should().beFreeOfCycles();
}
