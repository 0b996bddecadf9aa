/** Where tests stop a process to end it there, and nothing in production. */
package io.mooring.common.crashpoint;
