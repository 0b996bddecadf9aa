/** What master and agents write alike at their endpoints without a version: resources, tasks, and what this Mesos is. */
package io.mooring.local.legacy;
