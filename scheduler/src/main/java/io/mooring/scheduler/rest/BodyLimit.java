package io.mooring.scheduler.rest;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Response;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Bounds every request's body, whether it states its length or not: what is read is held in memory. */
final class BodyLimit implements ContainerRequestFilter {
    /** Well above the longest definition that is accepted, so that its refusal can say more than this one. */
    static final int MOST_BYTES = 1 << 20;

    @Override
    public void filter(ContainerRequestContext request) {
        request.setEntityStream(new Bounded(request.getEntityStream()));
    }

    private static WebApplicationException tooLong() {
        return new WebApplicationException(
                "the body is longer than " + MOST_BYTES + " bytes", Response.Status.REQUEST_ENTITY_TOO_LARGE);
    }

    private static final class Bounded extends FilterInputStream {
        private long left = MOST_BYTES;

        Bounded(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            count(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int some = super.read(into, offset, length);
            count(Math.max(0, some));
            return some;
        }

        private void count(int read) {
            left -= read;
            if (left < 0) {
                throw tooLong();
            }
        }
    }
}
