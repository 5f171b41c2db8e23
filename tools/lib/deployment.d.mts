interface Deployment {
  url: string;
  adminKey: string;
}

export function testDeployment(
  deployment: Deployment,
  prepared: { app: string; cli: string; hasMeta: boolean },
  options: { files: string[]; yes: boolean; quiet?: boolean },
): Promise<string>;

export function refuseOthers(
  deployment: Deployment,
  prepared: { app: string; cli: string },
): Promise<void>;
