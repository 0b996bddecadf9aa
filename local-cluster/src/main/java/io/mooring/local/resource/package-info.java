/** Arithmetic of Mesos resources and the flag syntax they are written in. */
package io.mooring.local.resource;
