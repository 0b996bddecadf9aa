/** The master's operator API and the few endpoints without a version. */
package io.mooring.local.operator;
