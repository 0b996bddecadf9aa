package io.mooring.common.health;

/** How a task's health is found out: what is asked, when, and how the answers are judged. */
public record HealthCheck(Probe probe, CheckRhythm rhythm, HealthRules rules) {}
