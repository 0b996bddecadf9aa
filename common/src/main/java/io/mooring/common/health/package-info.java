/** Pure: what a task's health is, judged as Mesos' health checker judges it; and what is asked of the task. */
package io.mooring.common.health;
