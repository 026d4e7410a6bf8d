# Build with the whole tool chain, ship only what runs.
FROM node:26-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc tsconfig.json ./
RUN npm ci
COPY src src
RUN npm run build && npm prune --omit=dev

FROM node:26-bookworm-slim
ENV NODE_ENV=production
WORKDIR /opt/dcr-gateway
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
COPY package.json package.json
COPY policies policies
# Nothing below is written at run time: the root file system may be mounted read-only. Settings, trust folders and keys are mounted
# under /etc/dcr-gateway; the audit trail goes to standard output unless gateway.yaml says otherwise.
USER node
EXPOSE 8443 9090
HEALTHCHECK --interval=15s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9090/livez').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/main.js"]
CMD ["serve", "--config", "/etc/dcr-gateway/gateway.yaml"]
