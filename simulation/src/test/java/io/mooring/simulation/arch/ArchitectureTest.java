package io.mooring.simulation.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.mooring.simulation", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.mooring.simulation.";

    @ArchTest
    static final ArchRule TIME_AND_CHANCE_ARE_THE_SEEDS = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "app")
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(java.util.Random.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(java.util.UUID.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class)
            .because("the same seed has to go the same way");

    @ArchTest
    static final ArchRule ONLY_PURE_ROOMS_AND_ENGINES_RUN_HERE = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.mooring.scheduler.app..",
                    "io.mooring.scheduler.rest..",
                    "io.mooring.scheduler.mesos..",
                    "io.mooring.scheduler.zookeeper..",
                    "io.mooring.executor.app..",
                    "io.mooring.executor.mesos..",
                    "io.mooring.executor.plugin..",
                    "io.mooring.executor.process..",
                    "io.mooring.executor.journal..",
                    "io.mooring.executor.mounttable..",
                    "org.apache..",
                    "com.google..")
            .because("the shells speak to the world, and here the world is a model");

    @ArchTest
    static final ArchRule NO_CYCLES = slices().matching(ROOT + "(*)..").should().beFreeOfCycles();
}
