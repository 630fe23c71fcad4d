import { accessRoutes } from './access/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { magpipe } from './dialects/magpipe/dialect.ts';
import { salesloft } from './dialects/salesloft/dialect.ts';
import { talkdesk } from './dialects/talkdesk/dialect.ts';
import { vonage } from './dialects/vonage/dialect.ts';
import { documentRoutes } from './documents/routes.ts';
import { explorerRoutes } from './explorer/routes.ts';
import { holdRoutes } from './holds/routes.ts';
import { mediaRoutes } from './media/routes.ts';
import { operationRoutes } from './operations/routes.ts';
import { quarantineRoutes } from './quarantine/routes.ts';
import type { Dialect, Route } from './route.ts';
import { v1Routes } from './v1/routes.ts';
import { vconRoutes } from './vcon/routes.ts';

/** The providers' own API shapes. */
export const dialects: readonly Dialect[] = [vonage, talkdesk, salesloft, magpipe];

/** Every address, for the documents; the function itself loads most of them late (`parts.ts`). */
export const routes: readonly Route[] = [
  ...accessRoutes,
  ...v1Routes,
  ...mediaRoutes,
  ...vconRoutes,
  ...holdRoutes,
  ...operationRoutes,
  ...quarantineRoutes,
  ...auditRoutes,
  ...documentRoutes,
  ...explorerRoutes,
  ...dialects.flatMap((dialect) => dialect.routes),
];
