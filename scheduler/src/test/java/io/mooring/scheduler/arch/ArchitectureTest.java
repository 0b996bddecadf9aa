package io.mooring.scheduler.arch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** The rooms and the arrows between them; each rule says why it is there. */
@AnalyzeClasses(packages = "io.mooring.scheduler", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.mooring.scheduler.";
    private static final String[] VALUES = {
        "java..",
        "io.mooring.common.ids..",
        "io.mooring.common.volume..",
        "io.mooring.common.container..",
        "io.mooring.common.health..",
        "io.mooring.common.command.."
    };
    private static final String[] PURE = rooms(
            "definition",
            "volume",
            "claim",
            "task",
            "cluster",
            "placement",
            "reconcile",
            "deployment",
            "effect",
            "decision");

    @ArchTest
    static final ArchRule DEFINITION_KNOWS_ONLY_VALUES = room("definition");

    @ArchTest
    static final ArchRule VOLUME_KNOWS_DEFINITIONS = room("volume", "definition");

    @ArchTest
    static final ArchRule CLAIM_KNOWS_DEFINITIONS = room("claim", "definition", "volume");

    @ArchTest
    static final ArchRule TASK_KNOWS_DEFINITIONS = room("task", "definition");

    @ArchTest
    static final ArchRule CLUSTER_KNOWS_WHAT_IT_HOLDS = room("cluster", "definition", "volume", "claim", "task");

    @ArchTest
    static final ArchRule PLACEMENT_READS_THE_CLUSTER =
            room("placement", "cluster", "definition", "volume", "claim", "task");

    @ArchTest
    static final ArchRule RECONCILE_READS_THE_CLUSTER =
            room("reconcile", "cluster", "definition", "volume", "claim", "task");

    @ArchTest
    static final ArchRule DEPLOYMENT_KNOWS_DEFINITIONS = room("deployment", "definition");

    @ArchTest
    static final ArchRule EFFECT_KNOWS_DEFINITIONS = room("effect", "definition");

    @ArchTest
    static final ArchRule DECISION_KNOWS_THE_PURE_ROOMS = room(
            "decision",
            "definition",
            "volume",
            "claim",
            "task",
            "cluster",
            "placement",
            "reconcile",
            "deployment",
            "effect");

    @ArchTest
    static final ArchRule ENGINE_KNOWS_THE_PURE_ROOMS = classes()
            .that()
            .resideInAPackage(ROOT + "engine..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(join(PURE, ROOT + "engine..", "java..", "org.slf4j..")))
            .because("the conductor speaks to shells through its own ports only, so that a test can be every shell");

    @ArchTest
    static final ArchRule PURE_ROOMS_DO_NOT_ENCODE = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat()
            .haveNameMatching("io\\.mooring\\.common\\.command\\.(MessageCodec|.*Fields|MalformedMessage.*)")
            .because("messages are values inside; bytes are made and read at the door");

    @ArchTest
    static final ArchRule PURE_ROOMS_HAVE_NO_OUTSIDE = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.io..",
                    "java.net..",
                    "java.nio..",
                    "java.util.concurrent..",
                    "java.util.logging..",
                    "java.util.random..",
                    "java.lang.reflect..")
            .because("a decision is repeated exactly from its inputs: no I/O, no threads, no chance, no logs");

    @ArchTest
    static final ArchRule PURE_ROOMS_HAVE_NO_CLOCK_AND_NO_CHANCE = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .callMethodWhere(calls(
                    "the clock or chance",
                    call -> (named(call, "now")
                                    && call.getTargetOwner().getPackageName().equals("java.time"))
                            || call.getTargetOwner().isEquivalentTo(System.class)
                            || call.getTargetOwner().isEquivalentTo(Thread.class)
                            || named(call, "random")
                            || (call.getTargetOwner().isEquivalentTo(UUID.class) && named(call, "randomUUID"))))
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Random.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(java.time.InstantSource.class)
            .because("time and names are arguments; what a decision takes from elsewhere cannot be replayed");

    @ArchTest
    static final ArchRule PURE_ROOMS_HAVE_ONE_ORDER = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .callMethodWhere(calls(
                    "an immutable set or map whose order changes from run to run",
                    call -> (call.getTargetOwner().isEquivalentTo(Set.class)
                                    || call.getTargetOwner().isEquivalentTo(Map.class))
                            && Stream.of("of", "copyOf", "ofEntries").anyMatch(name -> named(call, name))))
            .because("Set.of and Map.of iterate in another order in every run; a list or a tree has one");

    @ArchTest
    static final ArchRule MESOS_STAYS_IN_ITS_SHELL = only(
            "mesos", "the messages of Mesos are translated at the door", "org.apache.mesos..", "com.google.protobuf..");

    @ArchTest
    static final ArchRule ZOOKEEPER_STAYS_IN_ITS_SHELLS = noClasses()
            .that()
            .resideOutsideOfPackages(rooms("zookeeper", "detection"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.curator..", "org.apache.zookeeper..")
            .because("what is durable, and who leads Mesos, are ports to everybody else");

    @ArchTest
    static final ArchRule DROPWIZARD_STAYS_AT_THE_API = noClasses()
            .that()
            .resideOutsideOfPackages(rooms("rest", "app"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.dropwizard..", "jakarta..", "org.eclipse.jetty..", "org.glassfish..")
            .because("the API is one way in, and no part of what is decided");

    @ArchTest
    static final ArchRule JSON_STAYS_AT_THE_DOORS = noClasses()
            .that()
            .resideOutsideOfPackages(rooms("rest", "app", "marathon", "zookeeper", "detection"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml.jackson..")
            .because("JSON is read and written where it comes in and goes out, and is a record in between");

    @ArchTest
    static final ArchRule MESOS_KNOWS_NO_OTHER_SHELL = shell("mesos", "zookeeper", "rest", "marathon", "app");

    /** mesos asks it where to subscribe; it knows nothing of what is said there. */
    @ArchTest
    static final ArchRule DETECTION_KNOWS_NO_SHELL =
            shell("detection", "mesos", "zookeeper", "rest", "marathon", "engine", "app");

    @ArchTest
    static final ArchRule ZOOKEEPER_KNOWS_NO_OTHER_SHELL = shell("zookeeper", "mesos", "rest", "marathon", "app");

    /** marathon is rest's reader of definitions: a function from JSON to values, with no connection of its own. */
    @ArchTest
    static final ArchRule REST_READS_DEFINITIONS_BUT_KNOWS_NO_CONNECTION = shell("rest", "mesos", "zookeeper", "app");

    @ArchTest
    static final ArchRule MARATHON_KNOWS_NO_SHELL = shell("marathon", "mesos", "zookeeper", "rest", "engine", "app");

    @ArchTest
    static final ArchRule NOBODY_KNOWS_THE_ASSEMBLY = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "app..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + "app..")
            .because("only app wires shells together, by constructors, top to bottom");

    @ArchTest
    static final ArchRule ROOMS_FORM_NO_CIRCLE = slices().matching(ROOT + "(*)..")
            .should()
            .beFreeOfCycles()
            .because("a room that is reached from below cannot be understood by itself");

    @ArchTest
    static final ArchRule NAMES_SAY_WHAT_THINGS_ARE = noClasses()
            .should()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Handler")
            .orShould()
            .haveSimpleNameEndingWith("Info")
            .orShould()
            .haveSimpleNameEndingWith("Data")
            .orShould()
            .haveSimpleNameStartingWith("Default")
            .orShould()
            .haveSimpleNameStartingWith("Abstract")
            .orShould()
            .haveSimpleNameStartingWith("Base")
            .because("such a word says nothing about what a type is for");

    @ArchTest
    static final ArchRule FIELDS_ARE_THEIR_OWNERS = fields().that()
            .areNotStatic()
            .and()
            .areDeclaredInClassesThat()
            .areNotAnonymousClasses()
            .should()
            .bePrivate()
            .because("what others may set or see, nobody can rely on");

    @ArchTest
    static final ArchRule PURE_ROOMS_HAVE_NO_STATIC_STATE = fields().that()
            .areDeclaredInClassesThat()
            .resideInAnyPackage(PURE)
            .and()
            .areStatic()
            .should()
            .beFinal()
            .because("two engines in one JVM, as in a test, share nothing");

    private static ArchRule room(String name, String... others) {
        return classes()
                .that()
                .resideInAPackage(ROOT + name + "..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(join(join(rooms(others), VALUES), ROOT + name + "..")))
                .because("the arrows between pure rooms go one way, and no third-party type is in any of them");
    }

    private static ArchRule shell(String name, String... strangers) {
        return noClasses()
                .that()
                .resideInAPackage(ROOT + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(rooms(strangers))
                .because("shells meet only in app; what one tells another goes through the engine");
    }

    private static ArchRule only(String room, String why, String... packages) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .because(why);
    }

    private static DescribedPredicate<JavaMethodCall> calls(
            String what, java.util.function.Predicate<JavaMethodCall> which) {
        return describe(what, which);
    }

    private static boolean named(JavaMethodCall call, String name) {
        return call.getTarget().getName().equals(name);
    }

    private static String[] rooms(String... names) {
        return Stream.of(names).map(name -> ROOT + name + "..").toArray(String[]::new);
    }

    private static String[] join(String[] some, String... more) {
        List<String> all = new ArrayList<>(List.of(some));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }
}
