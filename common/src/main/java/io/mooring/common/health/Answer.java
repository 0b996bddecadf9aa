package io.mooring.common.health;

/** What came of a {@link Probe}. */
public sealed interface Answer {
    /** True where Mesos counts the answer as a healthy task's. */
    boolean healthy();

    /** What a person reads of it. */
    String words();

    /** The program exited by itself, or by a signal as 128 plus its number. */
    record Exited(int status) implements Answer {
        @Override
        public String words() {
            return "exit status " + status;
        }

        @Override
        public boolean healthy() {
            return status == 0;
        }
    }

    /** The server answered with this status; 200 to 399 is healthy. */
    record Responded(int status) implements Answer {
        private static final int OK = 200;
        private static final int BAD_REQUEST = 400;

        @Override
        public String words() {
            return "HTTP status " + status;
        }

        @Override
        public boolean healthy() {
            return status >= OK && status < BAD_REQUEST;
        }
    }

    /** Whether something accepted the connection. */
    record Connected(boolean accepted) implements Answer {
        @Override
        public String words() {
            return accepted ? "a connection" : "no connection";
        }

        @Override
        public boolean healthy() {
            return accepted;
        }
    }

    /** The question could not be asked, or was not answered in time. */
    record Failed(String why) implements Answer {
        @Override
        public String words() {
            return why;
        }

        @Override
        public boolean healthy() {
            return false;
        }
    }
}
