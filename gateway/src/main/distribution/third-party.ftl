Headgate contains the work of others: the jars in lib/ that are not its own, and files inside of lib/headgate.jar. Their
licences and notices are in the jars, where their authors put them there.

<#list dependencyMap as e>
<#assign project = e.getKey()/>
<#if project.groupId != "io.headgate">
${project.groupId}:${project.artifactId} ${project.version}
    ${e.getValue()?join("; or ")}
<#if project.url??>
    ${project.url}
</#if>
</#if>
</#list>
